import { Link } from '@tanstack/react-router'
import classes from './brand.module.css'

export function Brand({ to = '/' }: { to?: '/' | '/envelopes' }) {
  return (
    <Link to={to} className={classes.brand}>
      <BrandMark />
      <span data-brand-word>Vermilion</span>
    </Link>
  )
}

/** The mark with the name, leading nowhere: a signer is not sent away from the contract. */
export function BrandStill() {
  return (
    <span className={classes.brand}>
      <BrandMark />
      Vermilion
    </span>
  )
}

function BrandMark() {
  return (
    <span className={classes.mark} aria-hidden="true" lang="zh-CN">
      朱
    </span>
  )
}
