import { Modal } from '@mantine/core';
import { KeyHint } from '../ui/key-hint.js';
import { places } from './places.js';

const keys = [
  ['ctrl k', 'Find a page, a service, an incident, a problem'],
  ['/', 'Search on this page'],
  ['j', 'Next row'],
  ['k', 'Previous row'],
  ['enter', 'Open the row'],
  ['esc', 'Close what is open'],
  ['?', 'This help'],
] as const;

export function Help({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="lg">
      <div className="help">
        <dl>
          {keys.map(([key, what]) => (
            <div key={key}>
              <dt>
                <KeyHint keys={key} />
                <span className="visually-hidden">{key}</span>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <dl>
          {places.map((place) => (
            <div key={place.name}>
              <dt>
                <KeyHint keys={`g ${place.key}`} />
                <span className="visually-hidden">g {place.key}</span>
              </dt>
              <dd>
                {place.name} <span className="muted">{place.question}</span>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Modal>
  );
}
