declare module 'lz4js' {
  const lz4: { decompress(bytes: Uint8Array, maxSize?: number): Uint8Array; decompressBound(bytes: Uint8Array): number; compress(bytes: Uint8Array): Uint8Array };
  export default lz4;
}
declare module 'snappyjs' {
  const snappy: { uncompress<T extends Uint8Array>(bytes: T, maxLength?: number): T; compress<T extends Uint8Array>(bytes: T): T };
  export default snappy;
}
