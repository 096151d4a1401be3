import { Checkbox, Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { WillOffered } from '@/api/types'
import classes from '@/features/signing/signing.module.css'
import { useSigning } from '@/features/signing/signing-context'
import { currentLocale } from '@/i18n/i18n'
import { QuietButton } from '@/ui/quiet-button'

interface WillChoiceProps {
  chosen: WillOffered
  /** Whether the signer agrees to have their face looked at. */
  agreed: boolean
  /** Whether that was asked for in vain. */
  missing: boolean
  onChoose: (way: WillOffered) => void
  onAgree: (agreed: boolean) => void
  /** Registers a passkey beside the key, where the one that there is cannot be used. */
  onRegister: () => void
}

/** How the signer confirms that they will this document, apart from opening their key: of what the policy allows. */
export function WillChoice({ chosen, agreed, missing, onChoose, onAgree, onRegister }: WillChoiceProps) {
  const { t } = useTranslation('signing')
  const { ceremony } = useSigning()
  const { consents } = ceremony.identity
  const locale = currentLocale()
  const label = ({ by, to }: WillOffered) => t(`will.way_${by}`, { to: to ?? '' })
  return (
    <section className={classes.card} aria-label={t('will.title')}>
      <h2 className={classes.cardTitle}>{t('will.title')}</h2>
      <p className={classes.plain}>{t('will.hint')}</p>
      {ceremony.will.length > 1 ? (
        <Radio.Group
          name="will"
          label={t('will.choose')}
          value={chosen.by}
          onChange={(by) => onChoose(ceremony.will.find((it) => it.by === by) ?? chosen)}
          mt="sm"
        >
          <Stack gap={10} mt={8}>
            {ceremony.will.map((way) => (
              <Radio key={way.by} value={way.by} label={label(way)} />
            ))}
          </Stack>
        </Radio.Group>
      ) : (
        <p className={classes.plain}>{label(chosen)}</p>
      )}
      {chosen.registered && chosen.can_register ? (
        <QuietButton onClick={onRegister}>{t('key.passkey_submit')}</QuietButton>
      ) : null}
      {chosen.by === 'face' ? (
        <div className={classes.prose} style={{ marginTop: 14 }}>
          {consents.face[locale].map((paragraph) => (
            <p key={paragraph}>{paragraph}</p>
          ))}
          <Checkbox
            checked={agreed}
            onChange={(event) => onAgree(event.currentTarget.checked)}
            label={t('identity.face_agree')}
            error={missing ? t('identity.face_missing') : undefined}
            aria-invalid={missing}
            required
          />
        </div>
      ) : null}
    </section>
  )
}
