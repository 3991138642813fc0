import { createKey, listKeys, revokeKey } from '@/lib/access/keys/contract'
import { createProject, listProjects, updateProject } from '@/lib/access/projects/contract'
import {
  getEventAnalytics,
  listEvents,
  listPropertyKeys,
  trackBatch,
  trackEvent,
} from '@/lib/analytics/events/contract'
import { getFeatureRetention, getFeatureStats, trackFeature } from '@/lib/analytics/features/contract'
import {
  completeFunnel,
  deleteFunnel,
  getFunnelAnalytics,
  listFunnels,
  saveFunnel,
  trackStage,
} from '@/lib/analytics/funnels/contract'
import {
  completeJourney,
  getJourneyAnalytics,
  listJourneyRuns,
  trackStep,
} from '@/lib/analytics/journeys/contract'
import { getRetention } from '@/lib/analytics/retention/contract'
import {
  getSatisfactionMetrics,
  listResponses,
  recordSatisfaction,
} from '@/lib/analytics/satisfaction/contract'
import {
  deleteUser,
  exportUser,
  getUser,
  identifyUser,
  listUserRecords,
  listUsers,
} from '@/lib/analytics/users/contract'
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
  getFeatureStats,
  getFeatureRetention,
  listFunnels,
  getFunnelAnalytics,
  saveFunnel,
  deleteFunnel,
  listJourneyRuns,
  getJourneyAnalytics,
  getSatisfactionMetrics,
  listResponses,
  getRetention,
  listUsers,
  getUser,
  listUserRecords,
  identifyUser,
  exportUser,
  deleteUser,
  getReplicationStatus,
  listProjects,
  createProject,
  updateProject,
  listKeys,
  createKey,
  revokeKey,
]
