//! Work that is done after a use case: messages, deadlines, cleaning up.
//!
//! A job is a row of the transaction that caused it; the runner claims it, does it and removes it. It may run twice where
//! the process dies in between, so that every job is idempotent. What fails is tried again, later each time, and given
//! up after a day; a contract that everyone has signed is never given up.

use domain::envelope::EnvelopeStatus;
use jiff::{SignedDuration, Timestamp};
use store::Job;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::{
    Error, Service, account, authority, directory, envelope, identity, master_keys, notify, organization,
    review,
};

/// How long a claimed job belongs to its runner.
const CLAIM: SignedDuration = SignedDuration::from_mins(5);
/// How often deadlines are looked for, and jobs that were put back.
const SWEEP_EVERY: std::time::Duration = std::time::Duration::from_secs(20);
/// How often a job is tried: for nearly a day.
const ATTEMPTS: u32 = 14;
/// How long a completion that failed waits for its next try at most.
const COMPLETION_EVERY: SignedDuration = SignedDuration::from_mins(15);
/// How many envelopes a sweep expires at once.
const BATCH: u32 = 100;

/// How many jobs run at once: a mail server or a carrier that takes its time holds back no other message.
const WORKERS: usize = 4;

/// The running job runner.
pub struct Runner {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
}

impl Runner {
    /// Lets the jobs at hand and the sweep finish, and stops.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        while let Some(ended) = self.tasks.join_next().await {
            if let Err(error) = ended {
                tracing::error!(%error, "the job runner panicked");
            }
        }
    }
}

/// Starts the job runner. A server has one. The sweep asks providers, which may take minutes: it is a task of its own, so
/// that no message waits for it.
#[must_use]
pub fn start(service: &Service) -> Runner {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for _ in 0..WORKERS {
        tasks.spawn(work(service.clone(), stopped.clone()));
    }
    tasks.spawn(keep_sweeping(service.clone(), stopped));
    Runner { stop, tasks }
}

async fn work(service: Service, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if let Err(error) = run_until(&service, || *stopped.borrow()).await {
            tracing::error!(%error, source = ?std::error::Error::source(&error), "the job queue failed");
        }
        tokio::select! {
            () = service.jobs_woken() => {}
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

async fn keep_sweeping(service: Service, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if let Err(error) = sweep(&service).await {
            tracing::error!(%error, source = ?std::error::Error::source(&error), "a sweep failed");
        }
        // What it queued is waiting.
        service.wake_jobs();
        tokio::select! {
            () = tokio::time::sleep(SWEEP_EVERY) => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Runs every job that is due, and gives their number. A server without a runner (a demonstration, a test) calls this.
///
/// # Errors
/// Where the queue fails; a failing job is put back instead.
pub async fn run_due(service: &Service) -> Result<usize, Error> {
    run_until(service, || false).await
}

async fn run_until(service: &Service, stopped: impl Fn() -> bool) -> Result<usize, Error> {
    let mut count = 0;
    while !stopped()
        && let Some(job) = claim(service).await?
    {
        count += 1;
        let done = run(service, &job).await;
        settle(service, &job, done).await?;
    }
    Ok(count)
}

/// Expires envelopes whose time has run out, ends identity checks that nobody finished, asks about payments, erases
/// personal data that are due, sees to certificates whose real name lapses and to those that are pending, and forgets
/// sessions that have ended.
///
/// # Errors
/// Where storage fails.
pub async fn sweep(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let overdue = service.store().read().await?.overdue_envelopes(now, BATCH).await?;
    for id in overdue {
        let mut tx = service.store().begin().await?;
        let Some(mut contents) = tx.contents(id).await? else { continue };
        if contents.envelope.status == EnvelopeStatus::Sent {
            envelope::expire(service, &mut tx, &mut contents, now).await?;
            tx.commit().await?;
        }
    }
    identity::finish_overdue(service).await?;
    organization::follow_payments(service).await?;
    organization::expire_overdue(service).await?;
    identity::erase_overdue(service).await?;
    directory::erase_overdue(service).await?;
    review::sweep(service).await?;
    authority::follow_pending(service).await?;
    // A hiccup of the authority stops nothing else.
    if let Err(error) = authority::tend(service).await {
        let why = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(%error, ?why, "the authority could not be tended");
    }
    authority::lapse_due(service).await?;
    // What does not open anew stops nothing else, and every key stays.
    if let Err(error) = master_keys::step(service).await {
        let why = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(%error, ?why, "a master key cannot be replaced");
    }
    let mut tx = service.store().begin().await?;
    tx.remove_ended_sessions(now).await?;
    tx.remove_expired_signing_sessions(now).await?;
    Ok(tx.commit().await?)
}

async fn claim(service: &Service) -> Result<Option<Job>, Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    let job = tx.claim_job(now, now + CLAIM).await?;
    tx.commit().await?;
    Ok(job)
}

async fn run(service: &Service, job: &Job) -> Result<(), Error> {
    match job.kind.as_str() {
        notify::JOB => notify::deliver(service, job.id, job.body.clone()).await,
        envelope::COMPLETION_JOB => {
            envelope::complete(service, serde_json::from_value(job.body.clone())?).await
        }
        organization::AUTHORIZATION_JOB => {
            organization::settle(service, serde_json::from_value(job.body.clone())?).await
        }
        account::LINK_JOB => account::mail_queued_link(service, job).await,
        other => Err(Error::internal(format!("no job of the kind {other} is known"))),
    }
}

async fn settle(service: &Service, job: &Job, done: Result<(), Error>) -> Result<(), Error> {
    let now = service.now();
    let mut tx = service.store().begin().await?;
    match done {
        Ok(()) => tx.finish_job(job.id).await?,
        Err(error) if job.kind == envelope::COMPLETION_JOB => {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(job = %job.id, attempt = job.attempts, ?why, "an envelope is not completed yet");
            let next = next_try(now, job.attempts).min(now + COMPLETION_EVERY);
            tx.retry_job(job.id, next, &error.to_string()).await?;
        }
        Err(error) if job.attempts >= ATTEMPTS => {
            tracing::error!(job = %job.id, kind = job.kind, %error, "a job was given up");
            tx.fail_job(job.id, now, &error.to_string()).await?;
        }
        Err(error) => {
            tracing::warn!(job = %job.id, kind = job.kind, attempt = job.attempts, %error, "a job is tried again later");
            tx.retry_job(job.id, next_try(now, job.attempts), &error.to_string()).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// 10 seconds, then double each time.
fn next_try(now: Timestamp, attempts: u32) -> Timestamp {
    let seconds = 10_i64.saturating_mul(1 << attempts.saturating_sub(1).min(13));
    now + SignedDuration::from_secs(seconds)
}
