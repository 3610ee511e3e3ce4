import { IconStar, IconStarFilled } from '@tabler/icons-react';

const full = [1, 2, 3, 4, 5];

/** One to five stars; nothing when nobody rated. */
export function Rating({ rating, size = 14 }: { rating: number | null; size?: number }) {
  if (rating === null) return null;
  return (
    <span className="rating" role="img" aria-label={`${rating} of 5`}>
      {full.map((star) =>
        star <= rating ? (
          <IconStarFilled key={star} size={size} />
        ) : (
          <IconStar key={star} size={size} stroke={1.5} />
        ),
      )}
    </span>
  );
}
