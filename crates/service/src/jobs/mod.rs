//! Work that is done after a use case: messages, deadlines, cleaning up.
//!
//! A job is a row of the transaction that caused it; the runner claims it, does it and removes it. It may run twice where
//! the process dies in between, so that every job is idempotent. What fails is tried again, later each time, and given
//! up after a day; a contract that everyone has signed is never given up.

mod rows;

use std::future::Future;

use domain::EnvelopeId;
use domain::envelope::EnvelopeStatus;
use jiff::{SignedDuration, Timestamp};
use store::Job;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::{
    Error, Service, account, authority, ceremony, directory, envelope, identity, master_keys, notify,
    organization, review,
};

pub(crate) use self::rows::{Rows, shuffled};

/// How long a claimed job belongs to its runner.
const CLAIM: SignedDuration = SignedDuration::from_mins(5);
/// How often deadlines are looked for, and jobs that were put back.
const SWEEP_EVERY: std::time::Duration = std::time::Duration::from_secs(20);
/// How often a job is tried: for nearly a day.
const ATTEMPTS: u32 = 14;
/// How long a completion that failed waits for its next try at most.
const COMPLETION_EVERY: SignedDuration = SignedDuration::from_mins(15);
/// How long a sweep asks others about one kind of thing.
const ASKING: std::time::Duration = std::time::Duration::from_secs(120);

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

/// Starts the job runner. A server has one. Sweeps are tasks of their own, so that no message waits for them; and one of its
/// own is what asks others, which may take minutes: no deadline waits for a network.
#[must_use]
pub fn start(service: &Service) -> Runner {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    for _ in 0..WORKERS {
        tasks.spawn(work(service.clone(), stopped.clone()));
    }
    tasks.spawn(keep_sweeping(service.clone(), stopped.clone(), Half::Here));
    tasks.spawn(keep_sweeping(service.clone(), stopped, Half::Others));
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

/// A half of the sweep.
enum Half {
    Here,
    Others,
}

async fn keep_sweeping(service: Service, mut stopped: watch::Receiver<bool>, half: Half) {
    while !*stopped.borrow() {
        // What failed is in the log.
        drop(match half {
            Half::Here => tidy(&service).await,
            Half::Others => ask(&service).await,
        });
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

/// Does everything that a sweep does, one step after the other: what is here, then what others are asked about. A step that
/// fails is logged, and the others are taken all the same.
///
/// # Errors
/// The first of the steps that failed.
pub async fn sweep(service: &Service) -> Result<(), Error> {
    let here = tidy(service).await;
    let asked = ask(service).await;
    here.and(asked)
}

/// What needs nobody else: expires envelopes and checks whose time has run out, erases personal data that are due, sees to
/// certificates whose real name lapses, and forgets sessions that have ended.
async fn tidy(service: &Service) -> Result<(), Error> {
    let mut steps = Steps::default();
    steps.took("envelopes", expire_envelopes(service).await);
    steps.took("faces", ceremony::end_overdue_faces(service).await);
    steps.took("authorizations", organization::expire_overdue(service).await);
    steps.took("letters", organization::follow_letters(service).await);
    steps.took("erasure", identity::erase_overdue(service).await);
    steps.took("directories", directory::erase_overdue(service).await);
    steps.took("reviews", review::sweep(service).await);
    steps.took("lapses", authority::lapse_due(service).await);
    // What does not open anew stops nothing else, and every key stays.
    steps.took("master keys", master_keys::step(service).await.map(drop));
    steps.took("sessions", end_sessions(service).await);
    steps.ended()
}

/// What others are asked about, each for a limited time: checks that nobody finished, payments, certificates that another
/// authority decides upon, revocations that it was told of; and the authority's own lists.
async fn ask(service: &Service) -> Result<(), Error> {
    let mut steps = Steps::default();
    steps.took("authority", limited(authority::tend(service)).await);
    steps.took("identity checks", limited(identity::finish_overdue(service)).await);
    steps.took("payments", limited(organization::follow_payments(service)).await);
    steps.took("pending certificates", limited(authority::follow_pending(service)).await);
    steps.took("revocations elsewhere", limited(authority::confirm_revocations(service)).await);
    steps.ended()
}

/// Stops asking where others take too long. What was written until then stays; the rest is done in the next sweep.
async fn limited(step: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
    match tokio::time::timeout(ASKING, step).await {
        Ok(taken) => taken,
        Err(_) => Err(Error::internal("others took longer than a sweep waits")),
    }
}

/// The steps of a sweep: one that fails stops none of the others.
#[derive(Default)]
struct Steps(Option<Error>);

impl Steps {
    fn took(&mut self, step: &'static str, outcome: Result<(), Error>) {
        if let Err(error) = outcome {
            let why = std::error::Error::source(&error).map(ToString::to_string);
            tracing::error!(step, %error, ?why, "a step of the sweep failed");
            self.0.get_or_insert(error);
        }
    }

    fn ended(self) -> Result<(), Error> {
        self.0.map_or(Ok(()), Err)
    }
}

async fn expire_envelopes(service: &Service) -> Result<(), Error> {
    let now = service.now();
    let mut rows = Rows::of("envelopes");
    while let Some(page) = rows.page() {
        let overdue = service.store().read().await?.overdue_envelopes(now, page).await?;
        if overdue.is_empty() {
            break;
        }
        for id in overdue {
            rows.done(id, expire_envelope(service, id, now).await);
        }
    }
    Ok(())
}

async fn expire_envelope(service: &Service, id: EnvelopeId, now: Timestamp) -> Result<(), Error> {
    let mut tx = service.store().begin().await?;
    let Some(mut contents) = tx.contents(id).await? else { return Ok(()) };
    if contents.envelope.status == EnvelopeStatus::Sent {
        envelope::expire(service, &mut tx, &mut contents, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn end_sessions(service: &Service) -> Result<(), Error> {
    let now = service.now();
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
