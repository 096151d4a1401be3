import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toMillimetres, toPoints } from '@/pdf/geometry'

interface MillimetreInputProps {
  label: string
  points: number
  onPoints: (points: number) => void
}

/** A length in millimetres, taken over when the typing is done. */
export function MillimetreInput({ label, points, onPoints }: MillimetreInputProps) {
  const { t } = useTranslation('editor')
  const shown = String(Math.round(toMillimetres(points) * 10) / 10)
  const [text, setText] = useState(shown)
  useEffect(() => setText(shown), [shown])

  const take = (value: string) => {
    const typed = Number(value)
    if (value.trim() && Number.isFinite(typed) && value !== shown) onPoints(toPoints(typed))
    else setText(shown)
  }
  return (
    <TextInput
      type="number"
      inputMode="decimal"
      step="0.5"
      size="sm"
      label={label}
      value={text}
      rightSection={<span aria-hidden="true">{t('panel.mm')}</span>}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={(event) => take(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take(event.currentTarget.value)
      }}
    />
  )
}
