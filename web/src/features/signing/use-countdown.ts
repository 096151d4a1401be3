import { useEffect, useState } from 'react'

const secondsUntil = (moment: string | null) =>
  moment ? Math.max(0, Math.ceil((new Date(moment).getTime() - Date.now()) / 1000)) : 0

/** Whole seconds until a moment; 0 once it has passed. */
export function useCountdown(moment: string | null): number {
  const [seconds, setSeconds] = useState(() => secondsUntil(moment))
  useEffect(() => {
    setSeconds(secondsUntil(moment))
    const timer = setInterval(() => {
      const left = secondsUntil(moment)
      setSeconds(left)
      if (left === 0) clearInterval(timer)
    }, 500)
    return () => clearInterval(timer)
  }, [moment])
  return seconds
}
