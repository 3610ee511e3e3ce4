/** Lemni's mark: the lemniscate with the feedback where its curves cross. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size * 0.625} viewBox="0 0 32 20" aria-hidden className="mark">
      <path
        d="M16 10c-3.2-4.200-5.600-6-8.400-6a6 6 0 1 0 0 12c2.800 0 5.200-1.800 8.400-6c3.200-4.200 5.600-6 8.400-6a6 6 0 1 1 0 12c-2.800 0-5.200-1.800-8.400-6z"
        fill="none"
        stroke="var(--release-fill)"
        strokeWidth="2.400"
      />
      <circle cx="16" cy="10" r="3" fill="var(--feedback-fill)" />
    </svg>
  );
}
