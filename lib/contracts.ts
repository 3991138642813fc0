import {
  deleteAccount,
  endAccountSessions,
  inviteAccount,
  listAccounts,
  renewInvitation,
  resetSecondFactor,
  updateAccount,
} from '@/lib/access/accounts/contract'
import { listAuditEntries } from '@/lib/access/audit/contract'
import { acceptInvitation, lookUpInvitation } from '@/lib/access/invitations/contract'
import { createKey, listKeys, revokeKey } from '@/lib/access/keys/contract'
import { changePassword } from '@/lib/access/password/contract'
import { createProject, deleteProject, listProjects, updateProject } from '@/lib/access/projects/contract'
import {
  addSecondFactor,
  beginSecondFactor,
  getSecondFactor,
  removeSecondFactor,
} from '@/lib/access/second-factor/contract'
import { endSessions } from '@/lib/access/sessions/contract'
import { getEstimate } from '@/lib/analytics/estimate/contract'
import {
  getEventAnalytics,
  listEvents,
  listPropertyKeys,
  trackBatch,
  trackEvent,
} from '@/lib/analytics/events/contract'
import { exportRecords } from '@/lib/analytics/export/contract'
import { getFeatureRetention, getFeatureStats, trackFeature } from '@/lib/analytics/features/contract'
import {
  completeFunnel,
  deleteFunnel,
  getFunnelAnalytics,
  listFunnelNames,
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
import {
  createMetricAlert,
  deleteMetricAlert,
  listMetricAlerts,
  replaceMetricAlert,
} from '@/lib/analytics/metric-alerts/contract'
import { getLatestRecord } from '@/lib/analytics/records/contract'
import { getRetention } from '@/lib/analytics/retention/contract'
import {
  getSatisfactionMetrics,
  listResponses,
  recordSatisfaction,
} from '@/lib/analytics/satisfaction/contract'
import {
  createSurvey,
  deleteSurvey,
  listDueSurveys,
  listSurveys,
  updateSurvey,
} from '@/lib/analytics/surveys/contract'
import {
  deleteUser,
  exportUser,
  getUser,
  identifyUser,
  listUserRecords,
  listUsers,
} from '@/lib/analytics/users/contract'
import type { Endpoint } from '@/lib/http/endpoint'
import {
  deleteChannel,
  listChannels,
  saveChannel,
  testChannel,
} from '@/lib/recovery/alerts/channels/contract'
import {
  getAlerts,
  listFiringAlerts,
  resetThresholds,
  setThresholds,
  silenceAlert,
} from '@/lib/recovery/alerts/contract'
import {
  backUp,
  createRestorePoint,
  drillBackup,
  getBackupHealth,
  listBackups,
  setBackupSettings,
  verifyBackups,
} from '@/lib/recovery/backups/contract'
import { approvePlan, cancelScheduled, failOver, getPlan } from '@/lib/recovery/failover/contract'
import { getDatabaseHealth, getDetailedHealth } from '@/lib/recovery/health/contract'
import { getJournal } from '@/lib/recovery/journal/contract'
import { fenceMember, pauseEngine, reinitializeMember } from '@/lib/recovery/members/contract'
import { getOperation, listOperations } from '@/lib/recovery/operations/contract'
import { getReplicationStatus } from '@/lib/recovery/replication/contract'
import { cutOver, planRestore, restore } from '@/lib/recovery/restore/contract'
import { getReplicationSamples } from '@/lib/recovery/samples/contract'

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
  listDueSurveys,
  listEvents,
  getEventAnalytics,
  listPropertyKeys,
  getFeatureStats,
  getFeatureRetention,
  listFunnels,
  listFunnelNames,
  getFunnelAnalytics,
  saveFunnel,
  deleteFunnel,
  listJourneyRuns,
  getJourneyAnalytics,
  getSatisfactionMetrics,
  listResponses,
  listSurveys,
  createSurvey,
  updateSurvey,
  deleteSurvey,
  listMetricAlerts,
  createMetricAlert,
  replaceMetricAlert,
  deleteMetricAlert,
  getRetention,
  getEstimate,
  exportRecords,
  getLatestRecord,
  listUsers,
  getUser,
  listUserRecords,
  identifyUser,
  exportUser,
  deleteUser,
  getReplicationStatus,
  getReplicationSamples,
  failOver,
  approvePlan,
  getPlan,
  cancelScheduled,
  reinitializeMember,
  fenceMember,
  pauseEngine,
  getOperation,
  listOperations,
  getJournal,
  getDetailedHealth,
  getDatabaseHealth,
  getBackupHealth,
  listBackups,
  backUp,
  verifyBackups,
  drillBackup,
  setBackupSettings,
  createRestorePoint,
  planRestore,
  restore,
  cutOver,
  getAlerts,
  listFiringAlerts,
  setThresholds,
  resetThresholds,
  silenceAlert,
  listChannels,
  saveChannel,
  deleteChannel,
  testChannel,
  listProjects,
  createProject,
  updateProject,
  deleteProject,
  endSessions,
  changePassword,
  getSecondFactor,
  beginSecondFactor,
  addSecondFactor,
  removeSecondFactor,
  listAccounts,
  inviteAccount,
  renewInvitation,
  updateAccount,
  endAccountSessions,
  resetSecondFactor,
  deleteAccount,
  lookUpInvitation,
  acceptInvitation,
  listAuditEntries,
  listKeys,
  createKey,
  revokeKey,
]
