//! The use cases: who may do what, jobs, sync, mapping. The only opener of transactions.
