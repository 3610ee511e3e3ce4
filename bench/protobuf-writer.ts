/** Writes protobuf (wire types 0, 1 and 2) for the load generator; nested lengths take five bytes. */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafe(1 << 20);
  #length = 0;

  finish(): Buffer {
    return Buffer.from(this.#bytes.subarray(0, this.#length));
  }

  message(field: number, write: () => void): void {
    this.#tag(field, 2);
    this.#room(5);
    const at = this.#length;
    this.#length += 5;
    write();
    let size = this.#length - at - 5;
    // A varint may be padded: five bytes hold every length without moving what was written.
    for (let i = 0; i < 4; i++) {
      this.#bytes[at + i] = (size & 0x7f) | 0x80;
      size >>>= 7;
    }
    this.#bytes[at + 4] = size;
  }

  string(field: number, value: string): void {
    this.bytes(field, Buffer.from(value));
  }

  bytes(field: number, value: Uint8Array): void {
    this.#tag(field, 2);
    this.#varint(value.length);
    this.#room(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  varintField(field: number, value: number): void {
    this.#tag(field, 0);
    this.#varint(value);
  }

  fixed64(field: number, value: bigint): void {
    this.#tag(field, 1);
    this.#room(8);
    this.#length = this.#bytes.writeBigUInt64LE(value, this.#length);
  }

  #tag(field: number, type: number): void {
    this.#varint(field * 8 + type);
  }

  #varint(value: number): void {
    this.#room(10);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#length++] = rest;
  }

  #room(extra: number): void {
    if (this.#length + extra <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe((this.#length + extra) * 2);
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
