/** A batch is sent as text that is made once, however often it is repeated. */
export interface Batch {
  body: string
  records: number
}

const RECORDS = 1000
/** The API takes 1 MB; this leaves room for what goes around the records. */
const BYTES = 1024 * 1024 - 1024

/** Groups records, each as JSON, into bodies for the batch endpoint: 1,000 records or 1 MB, whichever is less. */
export async function* makeBatches(
  jsons: AsyncIterable<string>,
  { records = RECORDS, bytes = BYTES } = {},
): AsyncGenerator<Batch> {
  let texts: string[] = []
  let size = 0
  const batch = (): Batch => ({ body: `{"records":[${texts.join(',')}]}`, records: texts.length })
  for await (const text of jsons) {
    const length = Buffer.byteLength(text) + 1
    if (texts.length > 0 && (texts.length === records || size + length > bytes)) {
      yield batch()
      texts = []
      size = 0
    }
    texts.push(text)
    size += length
  }
  if (texts.length > 0) yield batch()
}
