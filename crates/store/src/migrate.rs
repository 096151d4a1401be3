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
    (16, include_str!("../migrations/sqlite/0016_reviews.sql")),
    (17, include_str!("../migrations/sqlite/0017_agents.sql")),
    (18, include_str!("../migrations/sqlite/0018_subjects.sql")),
    (19, include_str!("../migrations/sqlite/0019_custody_will.sql")),
    (20, include_str!("../migrations/sqlite/0020_external_authority.sql")),
    (21, include_str!("../migrations/sqlite/0021_sign_ups.sql")),
    (22, include_str!("../migrations/sqlite/0022_activation_content.sql")),
    (23, include_str!("../migrations/sqlite/0023_account_reviews.sql")),
    (24, include_str!("../migrations/sqlite/0024_retention.sql")),
    (25, include_str!("../migrations/sqlite/0025_unusable_certificates.sql")),
    (26, include_str!("../migrations/sqlite/0026_organization_policies.sql")),
    (27, include_str!("../migrations/sqlite/0027_recipient_policies.sql")),
];

pub(crate) async fn run(db: &Db) -> Result<(), Error> {
    run_all(db, MIGRATIONS).await
}

async fn run_all(db: &Db, migrations: &[(i64, &'static str)]) -> Result<(), Error> {
    let mut connection = db.write().await?;
    connection
        .script(
            "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, digest TEXT NOT NULL)",
        )
        .await?;
    let done = applied(&mut connection).await?;
    connection.commit().await?;
    for (version, ran) in &done {
        let known = migrations.iter().find(|(v, _)| v == version);
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
    for (version, sql) in migrations.iter().filter(|(v, _)| !done.iter().any(|(d, _)| d == v)) {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs of verification as they were before there were agents: one person verified twice for one company, another once,
    /// a third on the way.
    const BEFORE: &str = "
        INSERT INTO accounts (id, email, name, locale, password_hash, created_at) VALUES ('acc_1', 'a', 'A', 'en', 'x', 1);
        INSERT INTO envelopes (id, account_id, title, message, status, signing_order, locale, expires_in_days, created_at,
            updated_at) VALUES ('env_1', 'acc_1', '', '', 'sent', 'parallel', 'en', 14, 1, 1);
        INSERT INTO recipients (id, envelope_id, kind, name, locale, place, position, status) VALUES
            ('rcp_1', 'env_1', 'organization', 'A', 'en', 1, 1, 'opened');
        INSERT INTO persons (id, number_index, number_sealed, phone_sealed, name, created_at, verified_at) VALUES
            ('per_1', '1', 'x', 'x', 'A', 1, 1), ('per_2', '2', 'x', 'x', 'B', 1, 1), ('per_3', '3', 'x', 'x', 'C', 1, 1);
        INSERT INTO organizations (id, credit_code, name, legal_representative, created_at, verified_at) VALUES
            ('org_1', 'C', 'N', 'L', 1, 1);
        INSERT INTO organization_verifications (id, recipient_id, organization_id, person_id, state, provider, name,
            credit_code, legal_representative, proof, answer_sealed, created_at, verified_at, expires_at) VALUES
            ('idv_1', 'rcp_1', 'org_1', 'per_1', 'verified', 'sandbox', 'N', 'C', 'L', '{}', 'x', 1, 10, 100),
            ('idv_2', 'rcp_1', 'org_1', 'per_1', 'verified', 'sandbox', 'N', 'C', 'L', '{}', 'x', 2, 20, 200),
            ('idv_3', 'rcp_1', 'org_1', 'per_2', 'verified', 'sandbox', 'N', 'C', 'L', '{}', 'x', 3, 30, 300),
            ('idv_4', 'rcp_1', NULL, 'per_3', 'payment_sent', 'sandbox', 'N', 'C', 'L', '{}', 'x', 4, NULL, NULL),
            ('idv_5', 'rcp_1', NULL, 'per_3', 'registry_checked', 'sandbox', 'N', 'C', 'L', '{}', 'x', 5, NULL, NULL);";

    #[tokio::test]
    async fn whoever_was_verified_before_there_were_agents_is_one_now() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open(&folder.path().join("v.db")).await.expect("a database");
        let before: Vec<_> = MIGRATIONS.iter().copied().filter(|(version, _)| *version < 16).collect();
        run_all(&db, &before).await.expect("the schema of before");
        let mut connection = db.write().await.expect("a connection");
        connection.script(BEFORE).await.expect("rows");
        connection.commit().await.expect("rows");
        run(&db).await.expect("the schema of now");
        run(&db).await.expect("once");
        let mut connection = db.read().await.expect("a connection");
        let sql = "SELECT id, person_id, role, proof, verification_id, scope, since, until, revoked_at, revoked_reason
            FROM agents ORDER BY since";
        let rows = connection.all(sql, &[]).await.expect("agents");
        let text = |n: usize, column| rows[n].text(column).expect("text");
        assert_eq!(rows.len(), 3);
        for (n, (id, person, since, until)) in
            [("agt_1", "per_1", 10, 100), ("agt_2", "per_1", 20, 200), ("agt_3", "per_2", 30, 300)]
                .into_iter()
                .enumerate()
        {
            assert_eq!((text(n, "id").as_str(), text(n, "person_id").as_str()), (id, person));
            assert_eq!((text(n, "role").as_str(), text(n, "proof").as_str()), ("agent", "payment"));
            assert_eq!(text(n, "scope"), "seal administer");
            assert_eq!(rows[n].integer("since").expect("a time"), since);
            assert_eq!(rows[n].opt_integer("until").expect("a time"), Some(until));
        }
        let ended = |n: usize| {
            (
                rows[n].opt_integer("revoked_at").expect("a time"),
                rows[n].opt_text("revoked_reason").expect("a word"),
            )
        };
        assert_eq!(ended(0), (Some(20), Some("renewed".to_owned())));
        assert_eq!((ended(1), ended(2)), ((None, None), (None, None)));
        let rows = connection
            .all("SELECT way FROM organization_verifications ORDER BY id", &[])
            .await
            .expect("runs");
        let ways: Vec<_> = rows.iter().map(|row| row.opt_text("way").expect("a word")).collect();
        let payment = || Some("payment".to_owned());
        assert_eq!(ways, [payment(), payment(), payment(), payment(), None]);
    }

    #[tokio::test]
    async fn checks_by_hand_and_their_pictures_are_there_after_accounts_may_have_them_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open(&folder.path().join("v.db")).await.expect("a database");
        let before: Vec<_> = MIGRATIONS.iter().copied().filter(|(version, _)| *version < 23).collect();
        run_all(&db, &before).await.expect("the schema of before");
        let rows = "
            INSERT INTO accounts (id, email, name, locale, password_hash, created_at) VALUES ('acc_1', 'a', 'A', 'en', 'x', 1);
            INSERT INTO envelopes (id, account_id, title, message, status, signing_order, locale, expires_in_days, created_at,
                updated_at) VALUES ('env_1', 'acc_1', '', '', 'sent', 'parallel', 'en', 14, 1, 1);
            INSERT INTO recipients (id, envelope_id, kind, name, locale, place, position, status) VALUES
                ('rcp_1', 'env_1', 'person', 'A', 'en', 1, 1, 'opened');
            INSERT INTO reviews (id, kind, verification_id, recipient_id, state, created_at, until, rounds, decided_by) VALUES
                ('rev_1', 'identity', 'idv_1', 'rcp_1', 'approved', 1, 2, 1, 'acc_1'),
                ('rev_2', 'letter', 'idv_2', 'rcp_1', 'waiting', 1, 2, 2, NULL);
            INSERT INTO review_images (id, review_id, part, state, blob, media, width, height, size, sha256, created_at) VALUES
                ('img_1', 'rev_2', 'letter', 'kept', 'b', 'application/pdf', 0, 1, 3, 's', 1);";
        let mut connection = db.write().await.expect("a connection");
        connection.script(rows).await.expect("rows");
        connection.commit().await.expect("rows");
        run(&db).await.expect("the schema of now");
        let mut connection = db.write().await.expect("a connection");
        let kept = connection
            .all(
                "SELECT r.id, r.recipient_id, r.account_id, r.rounds, i.id AS image FROM reviews r
                    LEFT JOIN review_images i ON i.review_id = r.id ORDER BY r.id",
                &[],
            )
            .await
            .expect("reviews");
        assert_eq!(kept.len(), 2);
        assert_eq!(kept[1].opt_text("image").expect("text").as_deref(), Some("img_1"));
        assert_eq!(kept[0].text("recipient_id").expect("text"), "rcp_1");
        assert_eq!(
            (kept[1].opt_text("account_id").expect("text"), kept[1].integer("rounds").expect("a number")),
            (None, 2)
        );
        // References and the one open check still hold.
        let orphan = "INSERT INTO review_images (id, review_id, part, state, blob, media, width, height, size, sha256, created_at)
            VALUES ('img_2', 'rev_9', 'front', 'kept', 'b', 'm', 0, 0, 0, 's', 1)";
        assert!(connection.script(orphan).await.is_err());
        let second = "INSERT INTO reviews (id, kind, verification_id, account_id, state, created_at, until)
            VALUES ('rev_3', 'letter', 'idv_2', 'acc_1', 'collecting', 1, 2)";
        assert!(connection.script(second).await.is_err());
    }
}
