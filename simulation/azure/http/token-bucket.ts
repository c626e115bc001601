/** Rate limits as token buckets (Microsoft Learn, "Understand how Azure Resource Manager throttles requests"). */

export interface BucketSize {
  readonly capacity: number;
  readonly refillPerSecond: number;
}

export interface Bucket {
  readonly tokens: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface Withdrawal {
  readonly bucket: Bucket;
  readonly granted: boolean;
  /** Whole requests left. */
  readonly remaining: number;
  /** Milliseconds until the next token; 0 if this one was granted. */
  readonly retryAfterSeconds: number;
}

/** Takes one token out of a bucket, which is full when it is first used. */
export function withdraw(bucket: Bucket | undefined, size: BucketSize, now: number): Withdrawal {
  const elapsed = bucket === undefined ? 0 : Math.max(0, now - bucket.at) / 1000;
  const tokens = Math.min(size.capacity, (bucket?.tokens ?? size.capacity) + elapsed * size.refillPerSecond);
  const granted = tokens >= 1;
  const left = granted ? tokens - 1 : tokens;
  return {
    bucket: { tokens: left, at: now },
    granted,
    remaining: Math.floor(left),
    retryAfterSeconds: granted ? 0 : Math.max(1, Math.ceil((1 - tokens) / size.refillPerSecond)),
  };
}
