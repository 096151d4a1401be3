import classes from './landing.module.css'

/** A sheet with a signature and a seal on it. An ornament: it says nothing that the text does not. */
export function SealSketch() {
  return (
    <svg className={classes.sketch} viewBox="0 0 320 260" aria-hidden="true" focusable="false">
      <rect x="36" y="10" width="212" height="240" rx="6" fill="#fff" stroke="#e7e2da" />
      <g fill="#e7e2da">
        <rect x="92" y="34" width="100" height="10" rx="3" />
        <rect x="60" y="64" width="164" height="6" rx="3" />
        <rect x="60" y="80" width="150" height="6" rx="3" />
        <rect x="60" y="96" width="164" height="6" rx="3" />
        <rect x="60" y="112" width="120" height="6" rx="3" />
      </g>
      <path
        d="M66 190c10-22 20-34 24-26 4 7-10 26-4 28 8 2 18-26 26-24 6 2-4 18 2 20 8 2 14-14 24-14"
        fill="none"
        stroke="#1d1b19"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <path d="M60 208h86" stroke="#b8b0a5" />
      <g transform="translate(226 176)" fill="none" stroke="#c5341f">
        <circle r="52" strokeWidth="4" fill="#c5341f0d" />
        <path
          d="M0-20 4.700-6.500 19-6.200 7.600 2.500 11.800 16.200 0 8-11.800 16.200-7.600 2.500-19-6.200-4.700-6.500Z"
          fill="#c5341f"
          stroke="none"
        />
        <path d="M-36 12A38 38 0 1 1 36 12" strokeWidth="11" strokeDasharray="11 8" strokeOpacity=".85" />
        <path d="M-22 32h44" strokeWidth="7" strokeDasharray="9 4" strokeOpacity=".85" />
      </g>
    </svg>
  )
}
