/** The mark: a cleat, which a line is made fast to. The same as app/icon.svg. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0b6473" />
      <path
        d="M5 11.5c3.5 0 4.5 2 8 2h6c3.5 0 4.5-2 8-2"
        fill="none"
        stroke="#fff"
        strokeWidth="3.4"
        strokeLinecap="round"
      />
      <path d="M12.5 14v8M19.5 14v8" fill="none" stroke="#fff" strokeWidth="3.4" />
      <path d="M8 23h16" fill="none" stroke="#74c4d0" strokeWidth="3.4" strokeLinecap="round" />
    </svg>
  )
}
