import { Button, FileButton } from '@mantine/core'
import { IconPhotoUp } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSigning } from '@/features/signing/signing-context'
import classes from './impression.module.css'
import { PanelForm } from './panel-form'
import { PreviewBox } from './preview-box'
import { type ImageFault, imageFault, readBase64 } from './read-image'
import { DiameterChoice } from './seal-panel'
import { defaultDiameter } from './seal-size'
import type { Adopt } from './use-adopt'
import { usePreview } from './use-preview'

/** A picture of a seal of the company's own. */
export function UploadPanel({ adopt }: { adopt: Adopt }) {
  const { t } = useTranslation(['signing', 'problem'])
  const { rcp } = useSigning()
  const [image, setImage] = useState<{ name: string; base64: string } | null>(null)
  const [fault, setFault] = useState<ImageFault | 'missing' | null>(null)
  const [diameter, setDiameter] = useState(String(defaultDiameter))
  const input = useMemo(
    () =>
      image ? { kind: 'seal_uploaded' as const, image_base64: image.base64, diameter_mm: Number(diameter) } : null,
    [image, diameter],
  )
  const preview = usePreview(rcp, input)
  const take = async (file: File | null | undefined) => {
    if (!file) return
    const wrong = imageFault(file)
    setFault(wrong)
    setImage(wrong ? null : { name: file.name, base64: await readBase64(file) })
  }
  const submit = () => {
    if (input) adopt.make(input)
    else setFault((old) => old ?? 'missing')
  }
  const faultText = {
    format: t('problem:impression_image_invalid_format'),
    size: t('problem:impression_too_large'),
    missing: t('problem:impression_missing'),
  }

  return (
    <PanelForm onSubmit={submit}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a shortcut for the button inside */}
      <div
        className={classes.drop}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault()
          void take(event.dataTransfer.files[0])
        }}
      >
        <IconPhotoUp size={28} stroke={1.5} aria-hidden />
        <p>{image ? t('impression.upload_selected', { name: image.name }) : t('impression.upload_drop')}</p>
        <FileButton accept="image/png,image/jpeg" onChange={take}>
          {(props) => (
            <Button {...props} variant="default">
              {t('impression.upload_choose')}
            </Button>
          )}
        </FileButton>
        <p className={classes.dropHint}>{t('impression.upload_hint')}</p>
      </div>
      {fault ? (
        <p className={classes.fault} role="alert">
          {faultText[fault]}
        </p>
      ) : null}
      {input ? <PreviewBox preview={preview} seal /> : null}
      <DiameterChoice value={diameter} onChange={setDiameter} />
      <p className={classes.dropHint}>{t('impression.upload_authority')}</p>
    </PanelForm>
  )
}
