'use client'

import { type NotificationData, notifications, useNotifications } from '@mantine/notifications'
import { useEffect } from 'react'
import classes from './plain-corner.module.css'

/** Milliseconds that a message stands: longer than in the other corner, where it stays while somebody points at it. */
const STANDS_MS = 8000

/** Where messages stand when the code of their corner does not come. That would also take them away again; here this does. */
export function PlainCorner() {
  const { notifications: told } = useNotifications()
  return (
    <div className={classes.corner}>
      {told.map((message) => (
        <Message key={message.id} {...message} />
      ))}
    </div>
  )
}

function Message({ id = '', title, message, autoClose }: NotificationData) {
  const stands = typeof autoClose === 'number' ? autoClose : STANDS_MS
  useEffect(() => {
    if (autoClose === false) return
    const leaving = setTimeout(() => notifications.hide(id), stands)
    return () => clearTimeout(leaving)
  }, [id, autoClose, stands])
  return (
    <div role="alert" className={classes.message}>
      <div>
        {title && <strong>{title}</strong>}
        <div>{message}</div>
      </div>
      <button type="button" aria-label="Dismiss" onClick={() => notifications.hide(id)}>
        ×
      </button>
    </div>
  )
}
