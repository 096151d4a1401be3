export interface RecipientColour {
  line: string
  tint: string
  text: string
}

/** One colour for each recipient. Never the only sign: the name or its first letters stand beside it. */
const colours: RecipientColour[] = [
  { line: '#3a5a9b', tint: '#3a5a9b1f', text: '#2c467a' },
  { line: '#22705a', tint: '#22705a1f', text: '#164c3d' },
  { line: '#8a3f83', tint: '#8a3f831f', text: '#6b2f66' },
  { line: '#9a6200', tint: '#9a62001f', text: '#6b4400' },
  { line: '#1d6a7a', tint: '#1d6a7a1f', text: '#124a56' },
  { line: '#a3472a', tint: '#a3472a1f', text: '#76301a' },
]

export function recipientColour(place: number): RecipientColour {
  return colours[place % colours.length] ?? (colours[0] as RecipientColour)
}
