import { Notifiers } from './notifiers.js';
import { RulesSection } from './rules/rules-section.js';

export function AlertingTab() {
  return (
    <>
      <RulesSection />
      <Notifiers />
    </>
  );
}
