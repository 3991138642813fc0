/** A field of a request or an answer, as the reference shows it. */
export interface Field {
  /** Dotted; `[]` for the items of a list. */
  name: string
  type: string
  required: boolean
  description?: string
}

/** An endpoint as the reference shows it. */
export interface Operation {
  id: string
  group: string
  method: string
  path: string
  access: string
  summary: string
  description?: string
  parameters: Field[]
  body: Field[]
  status: string
  answer: Field[]
  curl: string
}
