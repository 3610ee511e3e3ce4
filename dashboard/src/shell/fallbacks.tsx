import { Button } from '@mantine/core';
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { Empty } from '../ui/empty.js';
import { ErrorBox } from '../ui/error-box.js';
import { TableSkeleton } from '../ui/skeletons.js';

export function PagePending() {
  return (
    <div className="page">
      <TableSkeleton rows={8} />
    </div>
  );
}

/** A page that threw: what failed, and the way back. A new version on the server also ends here (a chunk is gone). */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="page">
      <ErrorBox what="This page could not be shown." error={error} retry={again} />
    </div>
  );
}

export function NotFound() {
  return (
    <div className="page">
      <Empty
        title="There is no such page."
        action={
          <Button variant="default" renderRoot={(props) => <Link to="/" {...props} />}>
            To the overview
          </Button>
        }
      />
    </div>
  );
}
