import { UnknownUser } from '@/components/analytics/users/unknown-user'

export default UnknownUser
