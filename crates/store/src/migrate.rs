//! Migrations: forward only, additive first, each in a transaction of its own. A migration that has run must never
//! change; its digest is kept to notice.

use crate::db::{Connection, Db, args};
use crate::error::Error;

/// All migrations, oldest first.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("../migrations/sqlite/0001_accounts_envelopes.sql")),
    (2, include_str!("../migrations/sqlite/0002_identities_signatures.sql")),
    (3, include_str!("../migrations/sqlite/0003_reports.sql")),
    (10, include_str!("../migrations/sqlite/0010_identity.sql")),
    (11, include_str!("../migrations/sqlite/0011_certificates.sql")),
    (13, include_str!("../migrations/sqlite/0013_sole_control.sql")),
    (14, include_str!("../migrations/sqlite/0014_will.sql")),
    (15, include_str!("../migrations/sqlite/0015_directories.sql")),
];

pub(crate) async fn run(db: &Db) -> Result<(), Error> {
    let mut connection = db.write().await?;
    connection
        .script(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, digest TEXT NOT NULL)",
        )
        .await?;
    let done = applied(&mut connection).await?;
    connection.commit().await?;
    for (version, ran) in &done {
        let known = MIGRATIONS.iter().find(|(v, _)| v == version);
        match known {
            None => {
                return Err(Error::Schema { what: format!("migration {version} is from a newer version") });
            }
            Some((_, sql)) if digest(sql) != *ran => {
                return Err(Error::Schema { what: format!("migration {version} has changed since it ran") });
            }
            Some(_) => {}
        }
    }
    for (version, sql) in MIGRATIONS.iter().filter(|(v, _)| !done.iter().any(|(d, _)| d == v)) {
        let mut connection = db.write().await?;
        connection.script(sql).await?;
        connection
            .execute(
                "INSERT INTO schema_migrations (version, digest) VALUES ($1, $2)",
                args![*version, digest(sql)],
            )
            .await?;
        connection.commit().await?;
    }
    Ok(())
}

async fn applied(connection: &mut Connection) -> Result<Vec<(i64, String)>, Error> {
    let rows = connection.all("SELECT version, digest FROM schema_migrations ORDER BY version", &[]).await?;
    rows.iter().map(|row| Ok((row.integer("version")?, row.text("digest")?))).collect()
}

fn digest(sql: &str) -> String {
    hex::encode(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, sql.as_bytes()))
}
