import { IconFileUpload } from '@tabler/icons-react'
import { type DragEvent, useId, useState } from 'react'
import classes from './file-drop.module.css'

interface FileDropProps {
  title: string
  hint: string
  /** Words on the button. */
  choose: string
  accept?: string
  disabled?: boolean
  onFile: (file: File) => void
}

/** A place to drop one file, and a button that does the same for keyboard and touch. */
export function FileDrop({ title, hint, choose, accept = 'application/pdf,.pdf', disabled, onFile }: FileDropProps) {
  const id = useId()
  const [over, setOver] = useState(false)

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file && !disabled) onFile(file)
  }
  return (
    <section
      aria-labelledby={`${id}-title`}
      className={classes.zone}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <IconFileUpload size={40} stroke={1.5} aria-hidden className={classes.icon} />
      <h2 id={`${id}-title`} className={classes.title}>
        {title}
      </h2>
      <p className={classes.hint}>{hint}</p>
      <input
        id={id}
        type="file"
        accept={accept}
        disabled={disabled}
        className={`visually-hidden ${classes.input}`}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          if (file) onFile(file)
          event.currentTarget.value = ''
        }}
      />
      <label htmlFor={id} className={classes.choose}>
        {choose}
      </label>
    </section>
  )
}
