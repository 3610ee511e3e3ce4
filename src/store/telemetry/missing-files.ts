/** Files of a segment are gone: somebody else has removed them. */
export class MissingFiles extends Error {
  override readonly name = 'MissingFiles';
}
