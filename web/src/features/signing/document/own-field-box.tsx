import { useTranslation } from 'react-i18next'
import { svgAddress } from '@/features/impression/svg-address'
import type { OwnField } from '@/features/signing/ceremony-types'
import { useSigning } from '@/features/signing/signing-context'
import { useFormat } from '@/i18n/format'
import classes from './document.module.css'
import { fieldLabel } from './field-label'
import { isImpressionField } from './fields'
import type { useDrafts } from './use-drafts'
import { fieldElementId, type Guide } from './use-guide'

interface OwnFieldBoxProps {
  field: OwnField
  scale: number
  drafts: Pick<ReturnType<typeof useDrafts>, 'values' | 'set'>
  guide: Guide
}

/** Below this height a finger and an eye need the list instead of the place itself. */
const leastInput = 30
/** Narrower than this the browser's own date input cuts its figures off. */
const leastDateInput = 140
const severalLines = 44

/** The signer's own place on the page: an input where it is large enough, else the way to one. */
export function OwnFieldBox({ field, scale, drafts, guide }: OwnFieldBoxProps) {
  const { t } = useTranslation('signing')
  const height = field.height * scale
  const width = field.width * scale
  const style = { left: field.x * scale, top: field.y * scale, width, height }
  const name = `${fieldLabel(field, t)}, ${t(field.required ? 'document.required' : 'document.optional')}, ${t('document.on_page', { page: field.page })}`
  const state = { 'data-filled': guide.filled(field), 'data-current': guide.current === field.id }

  if (isImpressionField(field)) return <ImpressionPlace field={field} style={style} guide={guide} />
  const small = height < leastInput || (field.type === 'date' && width < leastDateInput)
  if (small) return <CompactPlace field={field} name={name} style={style} drafts={drafts} guide={guide} />
  const input = {
    id: fieldElementId(field),
    className: classes.input,
    'aria-label': name,
    'aria-required': field.required,
    value: drafts.values[field.id] ?? '',
    onChange: (event: { currentTarget: { value: string } }) => drafts.set(field.id, event.currentTarget.value),
    onFocus: () => guide.setCurrent(field.id),
    style: { ...style, fontSize: Math.min(16, height * 0.55) },
    ...state,
  }
  if (field.type === 'date') return <input type="date" {...input} />
  return field.height > severalLines ? <textarea {...input} /> : <input type="text" {...input} />
}

interface PlaceProps {
  field: OwnField
  style: React.CSSProperties
  guide: Guide
}

function CompactPlace({
  field,
  name,
  style,
  drafts,
  guide,
}: PlaceProps & { name: string; drafts: OwnFieldBoxProps['drafts'] }) {
  const { t } = useTranslation('signing')
  const format = useFormat()
  const value = drafts.values[field.id] ?? ''
  const date = field.type === 'date' && value !== ''
  const shown = date ? shortDate(value, format.locale) : value
  const size = Math.min(14, Number(style.height) * 0.6)
  return (
    <button
      type="button"
      id={fieldElementId(field)}
      className={classes.compact}
      data-compact="true"
      data-filled={guide.filled(field)}
      data-current={guide.current === field.id}
      aria-label={shown ? `${name}: ${shown}` : name}
      style={{ ...style, fontSize: date ? Math.min(size, fitting(shown, Number(style.width))) : Math.max(8, size) }}
      onClick={() => {
        guide.setCurrent(field.id)
        guide.openSheet(field.id)
      }}
    >
      <span>{shown || fieldLabel(field, t)}</span>
    </button>
  )
}

/** In figures only: a place this small has no room for names of months. */
function shortDate(day: string, locale: string): string {
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const
  return new Intl.DateTimeFormat(locale, parts).format(new Date(`${day}T00:00`))
}

/** The size at which figures fill a width: half a date would be another date. */
function fitting(figures: string, width: number): number {
  return (width - 8) / (figures.length * 0.66)
}

function ImpressionPlace({ field, style, guide }: PlaceProps) {
  const { t } = useTranslation('signing')
  const { ceremony } = useSigning()
  const adopted = ceremony.impressions.find(({ id }) => id === ceremony.adopted)
  const seal = field.type === 'seal'
  const name = t(seal ? 'document.place_seal' : 'document.place_signature', { page: field.page })
  const words = t(seal ? 'document.seal_here' : 'document.sign_here')
  return (
    <button
      type="button"
      id={fieldElementId(field)}
      className={classes.place}
      data-filled={guide.adopted}
      data-current={guide.current === field.id}
      aria-label={`${words}. ${name}`}
      style={style}
      onClick={guide.sign}
      onFocus={() => guide.setCurrent(field.id)}
    >
      {adopted ? <img src={svgAddress(adopted.svg)} alt="" /> : <span>{words}</span>}
    </button>
  )
}
