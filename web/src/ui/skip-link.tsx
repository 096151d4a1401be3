import { useTranslation } from 'react-i18next'
import classes from './skip-link.module.css'

/**
 * First stop of the Tab key: past the header, to `<main id="main">`.
 * A button: a link to `#main` would overwrite the fragment in which a signer's link carries its secret.
 */
export function SkipLink() {
  const { t } = useTranslation()
  return (
    <button type="button" className={classes.link} onClick={focusMain}>
      {t('skip')}
    </button>
  )
}

function focusMain() {
  document.getElementById('main')?.focus()
}
