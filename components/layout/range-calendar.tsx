'use client'

import { DatePicker } from '@mantine/dates'
import classes from './range-picker.module.css'

export type Days = [string | null, string | null]

/** Two dates of a calendar, both included. */
export default function RangeCalendar({ days, onChange }: { days: Days; onChange: (days: Days) => void }) {
  return (
    <DatePicker
      type="range"
      allowSingleDateInRange
      size="sm"
      hideOutsideDates
      weekendDays={[]}
      className={classes.calendar}
      value={days}
      onChange={onChange}
      defaultDate={days[1] ?? days[0] ?? undefined}
      ariaLabels={{ nextMonth: 'Next month', previousMonth: 'Previous month' }}
    />
  )
}
