/** Of the servers that the suite shares: small, quick, and with all that a check may look at. */
export const sharedSettings = {
  max_connections: "200",
  shared_buffers: "48MB",
  wal_level: "logical",
  max_wal_senders: "20",
  max_replication_slots: "20",
  max_prepared_transactions: "20",
  max_wal_size: "256MB",
  wal_keep_size: "64MB", // for a standby that starts while other tests write
  synchronous_commit: "off",
  track_functions: "all",
  // A test that wants to see its own lines finds them by the name of its database.
  log_line_prefix: "%m [%p] %d %u %a: ",
  log_statement: "none",
  log_checkpoints: "off",
} as const;
