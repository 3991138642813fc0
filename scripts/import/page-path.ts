/** What is fetched along with a page or instead of one: no one looks at it as a page of the site. */
const NOT_PAGES = new Set(
  [
    // style and code
    'css js mjs cjs map xsl xslt wasm swf',
    // pictures and fonts
    'png jpg jpeg jpe gif svg svgz ico cur webp avif bmp tif tiff jxl heic psd woff woff2 ttf eot otf',
    // sound and film
    'mp3 mp4 m4a m4v m4s webm ogg ogv oga wav flac aac avi mov mkv mpg mpeg wmv flv m3u8 vtt',
    // documents to download
    'pdf ps eps doc docx xls xlsx ppt pptx odt ods odp csv tsv rtf epub mobi tex',
    // archives and programs
    'zip gz tar tgz bz2 tbz xz txz zst lz4 rar 7z jar war ear gem whl egg',
    'exe msi dmg pkg iso img deb rpm apk bin dll so pyc torrent pcap sig asc md5 sha1 sha256',
    // data and feeds
    'txt text xml rss atom rdf json jsonld yaml yml toml ini conf cfg log sql db bak webmanifest ics vcf',
    // program text as it is
    'py rb c h cc cpp hpp cxx java go rs ts lua sh bash vim m4 mk patch diff spec',
  ].flatMap((line) => line.split(' ')),
)

/** A last part of the path that is a feed, as WordPress has it: `/feed/`, `/comments/feed`. */
const FEED_PATH = /\/(?:feed|rss|rss2|atom|rdf)\/?$/i
/** A query that asks for the page as a feed: `?feed=rss2` of WordPress, `?flav=rss20` of Blosxom. */
const FEED_QUERY = /(?:^|[&;])(?:feed|flav|format)=(?:feed|rss|rss2|rss20|atom|rdf)(?:[&;]|$)/i

/**
 * Whether a request's target is something other than a page: a file by its extension (robots.txt and favicon.ico are
 * among them), or a feed.
 *
 * @param target path and query, or a whole address
 */
export function isAsset(target: string): boolean {
  const [, path = '', query = ''] =
    /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)(?:\?([^#]*))?/is.exec(target) ?? []
  if (FEED_PATH.test(path) || FEED_QUERY.test(query)) return true
  const extension = /\.([a-z0-9]{1,11})$/i.exec(path)?.[1]
  return extension !== undefined && NOT_PAGES.has(extension.toLowerCase())
}
