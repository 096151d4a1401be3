import { Button, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Known } from './use-verification'
import classes from './verify.module.css'

interface KnownFormProps {
  known: Known
  check: (files: File[], known: Known) => void
}

/** What the reader knows from elsewhere than this server: whose passkey it is, or whose certificates show that. */
export function KnownForm({ known, check }: KnownFormProps) {
  const { t } = useTranslation('verify')
  const [typed, setTyped] = useState(known)
  const field = (name: keyof Known) => (
    <Textarea
      label={t(`known.${name}`)}
      description={t(`known.${name}_hint`)}
      value={typed[name]}
      onChange={(event) => setTyped({ ...typed, [name]: event.currentTarget.value })}
      autosize
      minRows={1}
      spellCheck={false}
      mb="sm"
    />
  )
  return (
    <details open={known.passkeys !== '' || known.attests !== ''}>
      <summary>{t('known.title')}</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          check([], typed)
        }}
      >
        <p className={classes.hint}>{t('known.lead')}</p>
        {field('passkeys')}
        {field('attests')}
        <Button type="submit" variant="default">
          {t('known.again')}
        </Button>
      </form>
    </details>
  )
}
