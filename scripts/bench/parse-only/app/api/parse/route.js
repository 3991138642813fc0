/** What `npm run bench:ingest` measures against: parses JSON and answers. */
export async function POST(request) {
  await request.json()
  return Response.json({ accepted: 1 }, { status: 202 })
}
