import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ApiError } from '../api/errors.js';

interface ErrorBoxProps {
  /** What could not be done, e.g. `The incidents could not be loaded.` */
  what: string;
  error: unknown;
  retry?: (() => void) | undefined;
}

export function ErrorBox({ what, error, retry }: ErrorBoxProps) {
  const detail = error instanceof ApiError || error instanceof Error ? error.message : String(error);
  return (
    <div className="error-box" role="alert">
      <IconAlertTriangle size={20} aria-hidden />
      <div className="error-box-words">
        <p className="error-box-what">{what}</p>
        <p className="muted">{detail}</p>
      </div>
      {retry ? (
        <Button variant="default" onClick={retry}>
          Try again
        </Button>
      ) : null}
    </div>
  );
}
