import { createKey, listKeys, revokeKey } from '@/lib/access/keys/contract'
import { createProject, listProjects, updateProject } from '@/lib/access/projects/contract'
import {
  getEventAnalytics,
  listEvents,
  listPropertyKeys,
  trackBatch,
  trackEvent,
} from '@/lib/analytics/events/contract'
import { trackFeature } from '@/lib/analytics/features/contract'
import { completeFunnel, trackStage } from '@/lib/analytics/funnels/contract'
import { completeJourney, trackStep } from '@/lib/analytics/journeys/contract'
import { recordSatisfaction } from '@/lib/analytics/satisfaction/contract'
import type { Endpoint } from '@/lib/http/endpoint'
import { getReplicationStatus } from '@/lib/recovery/replication/contract'

/** Every endpoint. The OpenAPI document, its page and the tests are made from this list. */
export const contracts: Endpoint[] = [
  trackEvent,
  trackBatch,
  trackFeature,
  trackStage,
  completeFunnel,
  trackStep,
  completeJourney,
  recordSatisfaction,
  listEvents,
  getEventAnalytics,
  listPropertyKeys,
  getReplicationStatus,
  listProjects,
  createProject,
  updateProject,
  listKeys,
  createKey,
  revokeKey,
]
