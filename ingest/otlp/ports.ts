/** What the OTLP wire needs from the rest of the house, besides the sink and the doors. */
export interface GrpcDoor {
  /**
   * May this caller send telemetry? `header` is the metadata's `authorization` (`Bearer KEY` or the bare key)
   * or `x-api-key`; `remoteAddress` is the caller's IP address, since loopback may need no key.
   */
  authorize(header: string | undefined, remoteAddress: string): Promise<boolean>;
}

/** Lets other work run; `setImmediate` outside of tests. */
export type GiveWay = () => Promise<void>;

/** A part of lemni.yaml's `ingest`. */
export interface IngestConfig {
  readonly maxBody: number;
  readonly maxDecompressedBody: number;
  readonly maxAttributes: number;
  readonly maxAttributeBytes: number;
  readonly maxBodyBytes: number;
  readonly maxFuture: number;
  readonly allowedOrigins: readonly string[];
  readonly maxInFlightBytes: number;
}
