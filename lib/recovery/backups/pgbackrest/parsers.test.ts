import { describe, expect, it } from 'vitest'
import { countFull } from '@/lib/recovery/backups/pgbackrest/expire'
import { PgBackRestError, toFailure } from '@/lib/recovery/backups/pgbackrest/failure'
import { parseInfo, toBackup } from '@/lib/recovery/backups/pgbackrest/info'
import { parseListing, toInventory } from '@/lib/recovery/backups/pgbackrest/inventory'
import { followCopy, parseCopied } from '@/lib/recovery/backups/pgbackrest/progress'
import { findMissing } from '@/lib/recovery/backups/pgbackrest/replicate'
import { parseRepositories } from '@/lib/recovery/backups/pgbackrest/repositories'
import { toRestoreCommand } from '@/lib/recovery/backups/pgbackrest/restore'
import { findSegmentBytes } from '@/lib/recovery/backups/pgbackrest/segment-size'
import { requireRepository, statusProblem } from '@/lib/recovery/backups/pgbackrest/status'
import { findProblems, parseBadFile, parseVerify } from '@/lib/recovery/backups/pgbackrest/verify'
import type { StoredBackup } from '@/lib/recovery/backups/provider'
import { toRecoveryTarget } from '@/lib/recovery/restore/recovery-target'

// What pgBackRest 2.45 wrote of a server of PostgreSQL 15.
const INFO =
  '[{"archive":[{"database":{"id":1,"repo-key":1},"id":"15-1","max":"000000010000000000000007","min":"000000010000000000000001"}],"backup":[{"archive":{"start":"000000010000000000000002","stop":"000000010000000000000003"},"backrest":{"format":5,"version":"2.45"},"database":{"id":1,"repo-key":1},"error":false,"info":{"delta":23213856,"repository":{"delta":2861232,"size":2861232},"size":23213856},"label":"20261126-182041F","lsn":{"start":"0/2000028","stop":"0/3000050"},"prior":null,"reference":null,"timestamp":{"start":1795717241,"stop":1795717243},"type":"full"},{"archive":{"start":"000000010000000000000005","stop":"000000010000000000000005"},"backrest":{"format":5,"version":"2.45"},"database":{"id":1,"repo-key":1},"error":false,"info":{"delta":15720714,"repository":{"delta":534000,"size":3233312},"size":37353248},"label":"20261126-182041F_20261126-182044I","lsn":{"start":"0/5000028","stop":"0/5000100"},"prior":"20261126-182041F","reference":["20261126-182041F"],"timestamp":{"start":1795717244,"stop":1795717245},"type":"incr"}],"cipher":"aes-256-cbc","db":[{"id":1,"repo-key":1,"system-id":7712546807695800724,"version":"15"}],"name":"demo","repo":[{"cipher":"aes-256-cbc","key":1,"status":{"code":0,"message":"ok"}}],"status":{"code":0,"lock":{"backup":{"held":false}},"message":"ok"}}]'
const ARCHIVE =
  '{".":{"type":"path"},"15-1":{"type":"path"},"15-1/0000000100000000":{"type":"path"},"15-1/0000000100000000/000000010000000000000002-ac3cbbc2a1d048633a5843b2b7d8bca75559b88d.zst":{"type":"file","size":768,"time":1795717241},"15-1/0000000100000000/000000010000000000000002.00000028.backup":{"type":"file","size":400,"time":1795717243},"15-1/0000000100000000/000000010000000000000003-5ab1f8ba68111cf4378bd6a7aede54e32bda7bae.zst":{"type":"file","size":624,"time":1795717243},"15-1/0000000100000000/00000001000000000000002E.partial-6865d75a985ddd8607df4ef56bb4fa3f01b53193.zst":{"type":"file","size":4470352,"time":1795717618},"15-1/00000002.history":{"type":"file","size":64,"time":1795717618},"archive.info":{"type":"file","size":368,"time":1795717245}}'
const FOLDERS =
  '{".":{"type":"path"},"20261126-182041F":{"type":"path"},"20261126-182041F_20261126-182044I":{"type":"path"},"backup.info":{"type":"file","size":1920,"time":1795717245}}'
const VERIFY_BAD = `stanza: demo
status: error
  archiveId: 15-1, total WAL checked: 6, total valid WAL: 5
    missing: 0, checksum invalid: 1, size invalid: 0, other: 0
  backup: 20261126-182041F, status: invalid, total files checked: 964, total valid files: 962
    missing: 0, checksum invalid: 2, size invalid: 0, other: 0
  backup: 20261126-182041F_20261126-182044I, status: invalid, total files checked: 967, total valid files: 964
    missing: 1, checksum invalid: 2, size invalid: 0, other: 0
`
const VERIFY_BAD_LOG = `INFO: verify command begin 2.45: --output=text --repo=1 --repo1-path='/r/1' --stanza=demo --verbose
INFO: invalid checksum '15-1/0000000100000000/000000010000000000000004-6f550efb43165de9f7dc40e620c787d0a4a18d8a.zst'
INFO: invalid checksum '20261126-182041F/pg_data/base/4/2609.zst'
INFO: invalid checksum '20261126-182041F/pg_data/base/5/2838.zst'
INFO: file missing '20261126-182041F_20261126-182044I/pg_data/base/5/16384.zst'`
const VERIFY_NO_MANIFEST = `stanza: demo
status: ok
  archiveId: 15-1, total WAL checked: 7, total valid WAL: 7
    missing: 0, checksum invalid: 0, size invalid: 0, other: 0
  backup: 20261126-182041F, status: manifest missing, total files checked: 0, total valid files: 0
  backup: 20261126-182041F_20261126-182044I, status: valid, total files checked: 967, total valid files: 967
    missing: 0, checksum invalid: 0, size invalid: 0, other: 0
`
const FULL = '20261126-182041F'
const INCREMENT = `${FULL}_20261126-182044I`
const backups = parseInfo(INFO).backup

describe('info', () => {
  it('keeps the system identifier to its last digit', () => {
    expect(parseInfo(INFO).db[0]?.['system-id']).toBe('7712546807695800724')
  })

  it('tells a backup in our words', () => {
    expect(backups.map((backup) => toBackup(backup, { id: 1 }))).toMatchObject([
      { id: FULL, kind: 'full', base: null, timeline: 1, startLsn: 0x2000028, stopLsn: 0x3000050 },
      { id: INCREMENT, kind: 'incremental', base: FULL, sizeBytes: 37353248, storedBytes: 534000 },
    ])
    expect(toBackup(backups[0] as never, { id: 1 })).toMatchObject({
      startedAt: '2026-11-26T18:20:41.000Z',
      // The second after the one that it tells, which was not over.
      endedAt: '2026-11-26T18:20:44.000Z',
      problems: [],
    })
  })

  it('says of pages with wrong checksums, and of a backup from before an upgrade, that they are no good', () => {
    const [full] = backups
    if (!full) throw new Error('no backup')
    expect(toBackup({ ...full, error: true }, { id: 1 }).problems).toHaveLength(1)
    expect(toBackup(full, { id: 2 }).problems[0]?.what).toContain('before the last upgrade')
  })

  it('has a problem with an action for every code but 0', () => {
    for (const code of [1, 2, 3, 4, 5, 6, 99]) {
      const problem = statusProblem({ key: 2, cipher: 'none', status: { code, message: 'other' } })
      expect(problem?.what).toContain('epository 2')
      expect(problem?.action).toMatch(/\.$/)
    }
    expect(statusProblem({ key: 1, cipher: 'none', status: { code: 0, message: 'ok' } })).toBeNull()
  })

  it('reads noise as a wrong key, and shows none of it', () => {
    const text = INFO.replace(
      '{"code":0,"message":"ok"}}],"status"',
      '{"code":99,"message":"[FormatError] unable to load info file \'/r/backup.info\':\\nFormatError: key/value found outside of section at line 1: D\u0001\uFFFD,>{"}}],"status"',
    )
    const info = parseInfo(text)
    expect(() => requireRepository(info, 1)).toThrow(
      "Repository 1 cannot be read: [FormatError] unable to load info file '/r/backup.info': repo1-cipher-pass is not what the repository was made with, or the file is damaged: correct it in the configuration file.",
    )
    expect(() => requireRepository(info, 2)).toThrow(PgBackRestError)
  })
})

describe('the inventory', () => {
  const take = (archive = ARCHIVE, folders = FOLDERS) =>
    toInventory(parseInfo(INFO), parseListing(archive), parseListing(folders), new Map())

  it('lists whole segments of the archive, and nothing else', () => {
    expect(take().wal).toEqual([
      { name: '000000010000000000000002', bytes: 768, at: 1795717241000 },
      { name: '000000010000000000000003', bytes: 624, at: 1795717243000 },
    ])
    expect(take()).toMatchObject({ segmentBytes: 16 * 2 ** 20, problems: [] })
    expect(take().storedBytes).toBe(2861232 + 534000 + 768 + 400 + 624 + 4470352 + 64 + 368)
  })

  it('does not count on a segment that is there twice', () => {
    const twice = ARCHIVE.replace('"15-1/00000002.history"', (name) => {
      const other = `15-1/0000000100000000/000000010000000000000003-${'0'.repeat(40)}.zst`
      return `"${other}":{"type":"file","size":9,"time":1},${name}`
    })
    expect(take(twice).wal.map(({ name }) => name)).toEqual(['000000010000000000000002'])
    expect(take(twice).problems[0]?.what).toContain('000000010000000000000003')
  })

  it('misses the folder of a backup, also for what builds upon it', () => {
    const found = take(ARCHIVE, FOLDERS.replace(`"${FULL}":{"type":"path"},`, ''))
    expect(found.backups.map(({ problems }) => problems.length)).toEqual([1, 1])
  })

  it('finds the size of a segment', () => {
    const of = (lsn: string, segment: string) => findSegmentBytes([{ lsn, segment }])
    expect(of('1/2000028', '000000010000000100000002')).toBe(16 * 2 ** 20)
    expect(of('0/2000028', '000000010000000000000020')).toBe(2 ** 20)
    expect(of('3/C0000028', '000000010000000300000003')).toBe(2 ** 30)
    expect(of('0/3000000', '000000010000000000000002')).toBe(16 * 2 ** 20)
    expect(of('4/28', '000000010000000400000000')).toBe(16 * 2 ** 20)
    expect(findSegmentBytes([])).toBe(16 * 2 ** 20)
  })
})

describe('verify', () => {
  it('tells by backup what is wrong, naming the files', () => {
    const bad = VERIFY_BAD_LOG.split('\n')
      .map(parseBadFile)
      .filter((file) => file !== null)
    const found = findProblems(parseVerify(VERIFY_BAD), bad, backups)
    expect(found.get('archive')?.map(({ what }) => what)).toEqual([
      'WAL 15-1/0000000100000000/000000010000000000000004-6f550efb43165de9f7dc40e620c787d0a4a18d8a.zst: invalid checksum',
    ])
    expect(found.get(FULL)?.[0]?.what).toBe(
      `Backup ${FULL} has 2 files that are not as they were stored: ${FULL}/pg_data/base/4/2609.zst (invalid checksum), ${FULL}/pg_data/base/5/2838.zst (invalid checksum)`,
    )
    expect(found.get(INCREMENT)?.[0]?.what).toContain(`${INCREMENT}/pg_data/base/5/16384.zst (file missing)`)
  })

  it('does not believe “ok” where a manifest, or a whole backup, is gone', () => {
    const lost = findProblems(parseVerify(VERIFY_NO_MANIFEST), [], backups)
    expect(lost.get(FULL)?.[0]?.what).toBe(`The manifest of backup ${FULL} is missing`)
    expect(lost.get(INCREMENT)).toEqual([])
    const sound = VERIFY_NO_MANIFEST.replace('manifest missing', 'valid')
    const unheard = findProblems(parseVerify(sound.replace(FULL, 'another')), [], backups)
    expect(unheard.get(FULL)?.[0]?.what).toBe(`The files of backup ${FULL} are gone`)
    expect([...findProblems(parseVerify(sound), [], backups).values()].flat()).toEqual([])
  })

  it('takes a manifest that cannot be read, and an error without a word, for what they are', () => {
    const unread = VERIFY_NO_MANIFEST.replace('status: ok', 'status: error')
    const found = findProblems(parseVerify(unread.replace('manifest missing', 'invalid')), [], backups)
    expect(found.get(FULL)?.[0]?.what).toContain('its manifest cannot be read')
    const silent = findProblems(parseVerify(unread.replace('manifest missing', 'valid')), [], backups)
    expect(silent.get('archive')).toHaveLength(1)
  })

  it('is no pass when nothing could be read', () => {
    expect(() => parseVerify('')).toThrow(PgBackRestError)
    expect(() => parseVerify('stanza: demo\nstatus: error\n  No usable backup.info file\n')).toThrow(
      'could not read backup.info',
    )
  })
})

describe('failures', () => {
  const fail = (code: number | null, log: string) =>
    toFailure(
      { command: 'backup', settings: { binary: 'pgbackrest' }, repository: 2 },
      { code, log: log.split('\n'), output: '', lateAfterMs: null },
    ).message

  it('are one line with what to do', () => {
    expect(
      fail(
        50,
        "ERROR: [050]: unable to acquire lock on file '/lock/demo-backup.lock': Resource temporarily unavailable\n       HINT: is another pgBackRest process running?\nINFO: backup command end: aborted with exception [050]",
      ),
    ).toBe(
      "pgbackrest backup of repository 2 failed (50): unable to acquire lock on file '/lock/demo-backup.lock': Resource temporarily unavailable: Another backup or expiry is under way on this machine: wait for its end.",
    )
    expect(
      fail(
        55,
        "ERROR: [055]: unable to load info file '/r/backup.info' or '/r/backup.info.copy':\n       FileMissingError: unable to open missing file '/r/backup.info' for read\n       HINT: has a stanza-create been performed?",
      ),
    ).toContain('The repository is away or was never made')
    expect(fail(64, "ERROR: [064]: unable to write '/r/x': [28] No space left on device")).toContain('full')
    expect(fail(95, 'ERROR: [095]: unable to flush')).toContain('repo2-cipher-pass')
    expect(fail(null, 'INFO: backup command begin')).toContain('was killed')
    expect(fail(99, 'ERROR: [099]: odd\n       HINT: look there.')).toContain('look there.')
  })

  it('say so when the program is not there', () => {
    const error = new Error('spawn pgbackrest ENOENT')
    const { message } = toFailure(
      { command: 'info', settings: { binary: 'pgbackrest' } },
      { cannotStart: error },
    )
    expect(message).toContain('Install pgBackRest')
  })
})

describe('progress', () => {
  it('is read from the log, also of newer versions', () => {
    const line = 'DETAIL: backup file /data/base/5/16394 (192.9MB, 84.32%) checksum addd34260c4f'
    expect(parseCopied(line)).toEqual({ bytes: 192.9 * 2 ** 20, percent: 84.32 })
    const bundled = 'DETAIL: restore file /data/base/1/112 (bundle 1/8192, 8KB, 99.5%) checksum addd'
    expect(parseCopied(bundled)).toEqual({ bytes: 8192, percent: 99.5 })
    expect(parseCopied('INFO: restore size = 228.8MB, file total = 975')).toBeNull()
    const seen: (number | null)[][] = []
    followCopy((...one) => seen.push(one), 1000)(bundled)
    expect(seen).toEqual([[995, 1000]])
  })
})

describe('retention', () => {
  const made = (kind: StoredBackup['kind'], day: number, bad = false) =>
    ({
      kind,
      endedAt: new Date(day * 86_400_000).toISOString(),
      problems: bad ? [{ what: '', action: '' }] : [],
    }) as unknown as StoredBackup
  const days = (...list: number[]) => list.map((day) => made('full', day))
  const since = (day: number) => day * 86_400_000

  it('keeps the full backup that the window begins with', () => {
    expect(countFull(days(1, 8, 15, 22), 1, since(16))).toBe(2)
    expect(countFull(days(1, 8, 15, 22), 1, since(15))).toBe(2)
    expect(countFull(days(1, 8, 15, 22), 1, since(14))).toBe(3)
  })

  it('keeps as many as asked, and all where the window reaches further back than they do', () => {
    expect(countFull(days(1, 8, 15, 22), 3, since(30))).toBe(3)
    expect(countFull(days(1, 8, 15, 22), 1, since(0))).toBe(4)
    expect(countFull([], 1, since(0))).toBe(0)
  })

  it('does not take a bad one for one of them, nor an increment', () => {
    expect(countFull([...days(1, 8), made('full', 15, true)], 1, since(20))).toBe(2)
    expect(countFull([...days(1, 8), made('incremental', 15)], 1, since(20))).toBe(1)
  })
})

describe('replication', () => {
  const of = (kind: StoredBackup['kind'], second: number) =>
    ({ kind, endedAt: new Date(second * 1000).toISOString() }) as StoredBackup

  it('makes the fullest kind that was missed', () => {
    const has = [of('full', 10), of('incremental', 20), of('full', 30), of('incremental', 40)]
    expect(findMissing(has, [])).toBe('full')
    expect(findMissing(has, [of('full', 12), of('incremental', 22)])).toBe('full')
    expect(findMissing(has, [of('full', 32)])).toBe('incremental')
    expect(findMissing(has, [of('full', 42)])).toBeNull()
    expect(findMissing([], [])).toBeNull()
  })
})

describe('the configuration', () => {
  it('tells where repositories are, and no secret', () => {
    const text =
      '[global]\nrepo1-path=/one\nrepo1-cipher-pass=secret\nrepo2-type=s3\nrepo2-s3-bucket=b\nrepo2-path=/two\n[global:backup]\nrepo1-path=/not\n[demo]\nrepo1-host=store\n'
    expect(parseRepositories(text, 'demo')).toEqual([
      { number: 1, location: 'store:/one' },
      { number: 2, location: 's3://b/two' },
    ])
    expect(parseRepositories('', 'demo')).toEqual([{ number: 1, location: '/var/lib/pgbackrest' }])
    expect(parseRepositories('', 'demo', { PGBACKREST_REPO3_PATH: '/env' })).toEqual([
      { number: 3, location: '/env' },
    ])
  })
})

describe('a restore', () => {
  it('says a time in UTC, to the microsecond', () => {
    expect(toRecoveryTarget({ kind: 'time', at: '2026-11-26T20:26:54.812345+02:00' })).toEqual({
      type: 'time',
      text: '2026-11-26 18:26:54.812345+00',
    })
    expect(toRecoveryTarget({ kind: 'time', at: '2026-11-26T18:26:54Z' }).text).toBe('2026-11-26 18:26:54+00')
    expect(toRecoveryTarget({ kind: 'latest' }).type).toBeNull()
  })

  it('fetches WAL from its own repository', () => {
    const settings = { binary: '/a b/pgbackrest', config: '/etc/50%.conf', stanza: 'demo' }
    expect(toRestoreCommand(settings, 2, '/scratch')).toBe(
      `'/a b/pgbackrest' '--config=/etc/50%%.conf' --stanza=demo --repo=2 --reset-pg1-host --pg1-path=/scratch --no-archive-async archive-get %f "%p"`,
    )
  })
})
