//! Use cases, the signing ceremony, adapters and jobs.
