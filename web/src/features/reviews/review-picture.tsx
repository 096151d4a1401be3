import { Skeleton, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFileTypePdf, IconZoomIn } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { loadPicture } from '@/api/reviews'
import type { ReviewCase } from '@/api/types'
import { Dialog } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { LetterVerdict } from './letter-verdict'
import classes from './reviews.module.css'

type Image = ReviewCase['images'][number]

/** A picture, fetched once while the page is open and kept by nobody; it opens in its full size. */
export function ReviewPicture({ id, image }: { id: string; image: Image }) {
  const { t } = useTranslation('review')
  const [opened, { open, close }] = useDisclosure(false)
  const picture = useQuery({
    queryKey: ['review-picture', id, image.id],
    queryFn: () => loadPicture(id, image.id),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
  const url = useObjectUrl(picture.data)
  const name = t(`part.${image.part}`)
  return (
    <figure className={classes.picture}>
      <figcaption className={classes.caption}>{name}</figcaption>
      <ProblemAlert error={picture.error} />
      {picture.isPending ? <Skeleton height={220} radius="md" /> : null}
      {url && image.media === 'application/pdf' ? (
        <a href={url} download={`${image.part}.pdf`} className={classes.file}>
          <IconFileTypePdf size={28} aria-hidden />
          {t('open_pdf', { count: image.height })}
        </a>
      ) : null}
      {image.media === 'application/pdf' ? <LetterVerdict id={id} image={image.id} /> : null}
      {url && image.media !== 'application/pdf' ? (
        <UnstyledButton className={classes.zoom} onClick={open} aria-label={t('enlarge', { name })}>
          <img src={url} alt={name} width={image.width} height={image.height} className={classes.image} />
          <IconZoomIn size={22} aria-hidden className={classes.zoomIcon} />
        </UnstyledButton>
      ) : null}
      <Dialog opened={opened} close={close} place="full" title={name}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move a picture that is larger than the screen */}
        <section className={classes.full} tabIndex={0} aria-label={name}>
          {url ? <img src={url} alt={name} /> : null}
        </section>
      </Dialog>
    </figure>
  )
}

function useObjectUrl(blob: Blob | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (!blob) return
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return url
}
