import { Loader } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './impression.module.css'
import { ImpressionImage } from './impression-image'

interface Preview {
  svg: string
  width_mm: number
  height_mm: number
}

export function PreviewBox({ preview, seal }: { preview: UseQueryResult<Preview, unknown>; seal: boolean }) {
  const { t } = useTranslation('signing')
  const label = t(seal ? 'impression.preview_seal' : 'impression.preview_signature')
  return (
    <section className={classes.preview} aria-label={label} aria-busy={preview.isFetching}>
      {preview.error ? <ProblemAlert error={preview.error} /> : null}
      {preview.data && !preview.error ? (
        <ImpressionImage impression={{ ...preview.data, kind: seal ? 'seal_drawn' : 'typed' }} trueSize />
      ) : null}
      {preview.isLoading ? <Loader size="sm" role="status" aria-label={label} /> : null}
    </section>
  )
}
