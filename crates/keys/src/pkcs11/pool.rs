//! One token for many callers: sessions in threads of their own, so that a device that hangs holds nobody up for longer than
//! the time limit, and nobody waits in an async thread.
//!
//! There are as many sessions as threads, and no more. A session that is lost (the token was away, the connection broke) is
//! opened again, with a login where that is gone too; only to the token with the same serial number is the PIN given, and
//! one that was refused is not given again: few attempts lock a token.
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SendError, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use cryptoki::context::Pkcs11;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use pki::{KeyRejected, SignError, SignatureAlgorithm, Signer};
use zeroize::Zeroizing;

use super::signer::Manner;
use super::{
    KeyChoice, TokenChoice, TokenDescription, TokenError, find_key, find_token, load, log_in, name, objects,
    public,
};

/// How many callers may wait for each session.
const WAITING: usize = 16;
/// How long the end of the pool waits for its threads: a module that is called while the process ends may crash it.
const FAREWELL: Duration = Duration::from_secs(1);
/// How often work whose session was lost is begun anew.
const TRIES: u32 = 2;
/// `secp256r1`, as CKA_EC_PARAMS.
const P256: [u8; 10] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

/// Which token, and how it is used.
pub struct PoolSettings {
    /// The module: a shared library, which runs with all rights of this process.
    pub module: PathBuf,
    /// The token.
    pub token: TokenChoice,
    /// Its PIN. Wiped when dropped, never printed.
    pub pin: Option<Zeroizing<String>>,
    /// How many sessions at once.
    pub sessions: usize,
    /// How long a caller waits for an answer.
    pub time_limit: Duration,
}

impl std::fmt::Debug for PoolSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PoolSettings")
            .field("module", &self.module)
            .field("token", &self.token)
            .field("sessions", &self.sessions)
            .field("time_limit", &self.time_limit)
            .finish_non_exhaustive()
    }
}

impl Clone for PoolSettings {
    fn clone(&self) -> Self {
        let Self { module, token, pin, sessions, time_limit } = self;
        Self {
            module: module.clone(),
            token: token.clone(),
            pin: pin.clone(),
            sessions: *sessions,
            time_limit: *time_limit,
        }
    }
}

/// A key pair on the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenKey {
    /// Serial number of the token.
    pub token: String,
    /// CKA_ID.
    pub id: Vec<u8>,
    /// CKA_LABEL.
    pub label: String,
    /// SubjectPublicKeyInfo, DER.
    pub public_key: Vec<u8>,
}

/// What one of the pool's threads does, in its session. Tells whether the session was lost, and it is to be done again.
type Work = Box<dyn FnMut(Result<&Connection, TokenError>) -> bool + Send>;

/// An open token. Its threads end when it is dropped.
pub struct TokenPool {
    /// Taken when the pool ends.
    work: Option<SyncSender<Work>>,
    time_limit: Duration,
    /// A key is made while nothing else is asked for: not every module reads a token well that it is writing to.
    writing: Arc<RwLock<()>>,
    /// Each thread holds the other end.
    ended: Mutex<Receiver<()>>,
}

/// A session, and what it is one of.
struct Connection {
    /// How often the token had been lost when it was opened.
    since: u64,
    context: Pkcs11,
    slot: Slot,
    serial: String,
    pin: Option<AuthPin>,
    session: Session,
    door: Arc<Door>,
}

/// What the threads share.
struct Door {
    module: PathBuf,
    choice: TokenChoice,
    pin: Option<AuthPin>,
    /// The serial number of the token that was opened first.
    serial: OnceLock<String>,
    /// How often the token was lost.
    losses: AtomicU64,
    /// Held while the PIN is given: of several who would give it at once, the second knows what the token said to the first.
    giving: Mutex<()>,
    /// Why the PIN is not given again.
    refused: Mutex<Option<TokenError>>,
}

impl TokenPool {
    /// Loads the module and starts the threads. The token itself may be away: [`TokenPool::describe`] tells.
    ///
    /// # Errors
    /// [`TokenError::Module`].
    pub fn open(settings: PoolSettings) -> Result<Self, TokenError> {
        load(&settings.module)?;
        let sessions = settings.sessions.max(1);
        let (work, waiting) = sync_channel::<Work>(sessions * WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        let door = Arc::new(Door {
            module: settings.module,
            choice: settings.token,
            pin: settings.pin.map(|pin| AuthPin::from((*pin).clone())),
            serial: OnceLock::new(),
            losses: AtomicU64::new(0),
            giving: Mutex::new(()),
            refused: Mutex::new(None),
        });
        let (alive, ended) = sync_channel(0);
        for number in 0..sessions {
            let (door, waiting, alive) = (Arc::clone(&door), Arc::clone(&waiting), alive.clone());
            std::thread::Builder::new()
                .name(format!("token-{number}"))
                .spawn(move || {
                    serve(&door, &waiting);
                    drop(alive);
                })
                .map_err(|error| TokenError::Device(error.to_string()))?;
        }
        Ok(Self {
            work: Some(work),
            time_limit: settings.time_limit,
            writing: Arc::default(),
            ended: Mutex::new(ended),
        })
    }

    /// What the module says of the token, which is there and takes the PIN.
    ///
    /// # Errors
    /// [`TokenError`] says what is wrong.
    pub fn describe(&self) -> Result<TokenDescription, TokenError> {
        self.run(|it| super::describe(&it.context, it.slot))
    }

    /// Makes a key pair on P-256 in the token: sensitive, never to leave it, and named by `label` alone.
    ///
    /// # Errors
    /// [`TokenError::Key`] where the token made one that can leave it; [`TokenError`].
    pub fn generate(&self, label: &str) -> Result<TokenKey, TokenError> {
        let (label, writing) = (label.to_owned(), Arc::clone(&self.writing));
        let alone = Arc::clone(&self.writing);
        let undo = move |it: &Connection, made: TokenKey| {
            let _alone = alone.write().unwrap_or_else(PoisonError::into_inner);
            // Nobody knows of it.
            _ = destroy(it, &made.id);
        };
        let make = move |it: &Connection| {
            let _alone = writing.write().unwrap_or_else(PoisonError::into_inner);
            let id = Attribute::Id(label.clone().into_bytes());
            if !objects(&it.session, &[Attribute::Class(ObjectClass::PRIVATE_KEY), id])?.is_empty() {
                return Err(rejected("the token has a key of this id already"));
            }
            let session = it.context.open_rw_session(it.slot)?;
            let both = [
                Attribute::Token(true),
                Attribute::Label(label.clone().into_bytes()),
                Attribute::Id(label.clone().into_bytes()),
            ];
            let public = [Attribute::EcParams(P256.to_vec()), Attribute::Verify(true)];
            let private = [
                Attribute::Private(true),
                Attribute::Sensitive(true),
                Attribute::Extractable(false),
                Attribute::Sign(true),
            ];
            let (_, made) = session.generate_key_pair(
                &Mechanism::EccKeyPairGen,
                &[&public[..], &both].concat(),
                &[&private[..], &both].concat(),
            )?;
            if !stays(&session, made)? {
                session.destroy_object(made)?;
                return Err(rejected("the token makes keys that can leave it"));
            }
            key_of(it, &session, made)
        };
        self.run_or_undo(make, undo)
    }

    /// The key that `choice` names.
    ///
    /// # Errors
    /// [`TokenError::NotFound`], [`TokenError::Ambiguous`]; [`TokenError::Key`] where the key could leave the token.
    pub fn find(&self, choice: &KeyChoice) -> Result<TokenKey, TokenError> {
        let (choice, writing) = (choice.clone(), Arc::clone(&self.writing));
        self.run(move |it| {
            let _beside = writing.read().unwrap_or_else(PoisonError::into_inner);
            // Before anybody's factor is judged, and an activation spent: a PIN that was refused is not given for a signature.
            let found = find_key(&it.session, &choice)?;
            let asks = it.session.get_attributes(found, &[AttributeType::AlwaysAuthenticate]);
            if asks.unwrap_or_default().contains(&Attribute::AlwaysAuthenticate(true)) {
                it.door.may_give()?;
            }
            if !stays(&it.session, found)? {
                return Err(rejected(
                    "the key is not marked as sensitive and not extractable: it could leave the token",
                ));
            }
            key_of(it, &it.session, found)
        })
    }

    /// Removes a key that [`TokenPool::generate`] made and that nobody was given. Only key stores call it.
    pub(crate) fn undo(&self, key: &TokenKey) -> Result<(), TokenError> {
        let (key, writing) = (key.clone(), Arc::clone(&self.writing));
        self.run(move |it| {
            let _alone = writing.write().unwrap_or_else(PoisonError::into_inner);
            if it.serial == key.token { destroy(it, &key.id) } else { Ok(()) }
        })
    }

    /// Signs in a session of the pool. Only key stores call it, which ask for an activation first, or for nothing but a proof
    /// of possession.
    pub(crate) fn sign(&self, key: &TokenKey, message: &[u8]) -> Result<Vec<u8>, TokenError> {
        let (key, message, writing) = (key.clone(), message.to_vec(), Arc::clone(&self.writing));
        self.run(move |it| {
            let _beside = writing.read().unwrap_or_else(PoisonError::into_inner);
            if it.serial != key.token {
                return Err(TokenError::NotFound {
                    what: "token",
                    wanted: format!("with serial number {:?}", key.token),
                    found: it.serial.clone(),
                });
            }
            let found = find_key(&it.session, &KeyChoice::Id(key.id.clone()))?;
            let algorithm = pki::usual_signature_algorithm(&key.public_key).ok_or_else(unusable)?;
            let manner = Manner::of(&it.context, it.slot, &it.session, found, algorithm)?;
            // A key that asks for the PIN with each signature counts wrong ones as the token does.
            let sign = || manner.sign(&it.session, found, it.pin.as_ref(), &message);
            let value = if manner.each_time() { it.door.guard(sign)? } else { sign()? };
            // A device that answers nonsense, or with another key, is found out here and not by the verifier.
            pki::verify(&key.public_key, algorithm, &message, &value)
                .map_err(|_| TokenError::Device("a signature that does not verify".to_owned()))?;
            Ok(value)
        })
    }

    fn run<T: Send + 'static>(
        &self,
        work: impl FnMut(&Connection) -> Result<T, TokenError> + Send + 'static,
    ) -> Result<T, TokenError> {
        self.run_or_undo(work, |_, _| {})
    }

    /// The same; what was done after whoever asked had given up is undone.
    fn run_or_undo<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&Connection) -> Result<T, TokenError> + Send + 'static,
        undo: impl Fn(&Connection, T) + Send + 'static,
    ) -> Result<T, TokenError> {
        // An answer is taken from hand to hand, or not at all: none lies there that nobody reads.
        let (answer, answered) = sync_channel(0);
        let mut tries = TRIES;
        let asking = Arc::new(());
        let asked = Arc::downgrade(&asking);
        let job: Work = Box::new(move |connection: Result<&Connection, TokenError>| {
            if asked.strong_count() == 0 {
                return false;
            }
            let (outcome, connection) = match connection {
                Ok(connection) => (work(connection), Some(connection)),
                Err(error) => (Err(error), None),
            };
            if tries > 0 && matches!(outcome, Err(TokenError::Lost(_))) {
                tries -= 1;
                return true;
            }
            if let (Err(SendError(Ok(done))), Some(connection)) = (answer.send(outcome), connection) {
                undo(connection, done);
            }
            false
        });
        let over = || TokenError::Device("the token's threads have ended".to_owned());
        self.work.as_ref().ok_or_else(over)?.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => TokenError::Busy,
            TrySendError::Disconnected(_) => over(),
        })?;
        let outcome = answered.recv_timeout(self.time_limit).unwrap_or_else(|error| {
            Err(match error {
                RecvTimeoutError::Timeout => TokenError::TimedOut,
                RecvTimeoutError::Disconnected => TokenError::Device("the call was cut off".to_owned()),
            })
        });
        drop(asking);
        outcome
    }
}

impl Drop for TokenPool {
    fn drop(&mut self) {
        drop(self.work.take());
        // Nothing is ever sent: the last thread that ends closes the channel.
        _ = self.ended.get_mut().unwrap_or_else(PoisonError::into_inner).recv_timeout(FAREWELL);
    }
}

impl std::fmt::Debug for TokenPool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenPool(..)")
    }
}

/// A key of the pool's token that was released for one signature.
pub(crate) struct PooledSigner {
    pool: Arc<TokenPool>,
    key: TokenKey,
    algorithm: SignatureAlgorithm,
}

impl PooledSigner {
    pub(crate) fn new(pool: Arc<TokenPool>, key: TokenKey) -> Result<Self, TokenError> {
        let algorithm = pki::usual_signature_algorithm(&key.public_key).ok_or_else(unusable)?;
        Ok(Self { pool, key, algorithm })
    }
}

impl Signer for PooledSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.algorithm
    }

    fn public_key_der(&self) -> &[u8] {
        &self.key.public_key
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.pool.sign(&self.key, message).map_err(|error| match error {
            error if error.is_away() => SignError::Away(error.to_string()),
            error => SignError::Device(error.to_string()),
        })
    }
}

/// A thread of the pool: one session, one call after the other.
fn serve(door: &Arc<Door>, waiting: &Mutex<Receiver<Work>>) {
    let mut held: Option<Connection> = None;
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut work) = next else { return };
        loop {
            let opened = match held.take() {
                Some(connection) if connection.since == door.losses.load(Ordering::SeqCst) => Ok(connection),
                Some(connection) => {
                    connection.forget();
                    door.open()
                }
                None => door.open(),
            };
            match opened {
                Ok(connection) => {
                    let Ok(lost) = whole(|| work(Ok(&connection))) else {
                        connection.forget();
                        break;
                    };
                    if lost {
                        let since = connection.since;
                        _ = door.losses.compare_exchange(
                            since,
                            since + 1,
                            Ordering::SeqCst,
                            Ordering::SeqCst,
                        );
                        connection.forget();
                        continue;
                    }
                    held = Some(connection);
                    break;
                }
                Err(error) => {
                    if !whole(|| work(Err(error))).unwrap_or(false) {
                        break;
                    }
                }
            }
        }
    }
}

/// Work that panics is over, and its caller is told; the thread goes on, with a session of its own.
fn whole(work: impl FnOnce() -> bool) -> std::thread::Result<bool> {
    catch_unwind(AssertUnwindSafe(work))
}

impl Connection {
    /// Leaves a lost session as it is: a module that was started anew gives its number to another, which closing it would
    /// close.
    fn forget(self) {
        std::mem::forget(self.session);
    }
}

impl Door {
    fn open(self: &Arc<Self>) -> Result<Connection, TokenError> {
        self.guard(|| {
            let since = self.losses.load(Ordering::SeqCst);
            let context = load(&self.module)?;
            let same = self.serial.get().map(|serial| TokenChoice::Serial(serial.clone()));
            let (slot, found) = find_token(&context, same.as_ref().unwrap_or(&self.choice))?;
            let session = log_in(&context, slot, self.pin.as_ref())?;
            let serial = self.serial.get_or_init(|| found.serial.clone()).clone();
            let (door, pin) = (Arc::clone(self), self.pin.clone());
            Ok(Connection { since, context, slot, serial, pin, session, door })
        })
    }

    /// What gives the PIN, one after the other, where it was not refused before; and notes that it was.
    fn guard<T>(&self, gives: impl FnOnce() -> Result<T, TokenError>) -> Result<T, TokenError> {
        let _alone = self.giving.lock().unwrap_or_else(PoisonError::into_inner);
        self.may_give()?;
        gives().inspect_err(|error| {
            if is_refusal(error) {
                *self.refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.clone());
            }
        })
    }

    fn may_give(&self) -> Result<(), TokenError> {
        match &*self.refused.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }
}

/// Whether the token refused its PIN: few attempts lock it.
fn is_refusal(error: &TokenError) -> bool {
    matches!(error, TokenError::WrongPin | TokenError::PinLocked | TokenError::PinNeeded)
}

fn key_of(it: &Connection, session: &Session, key: ObjectHandle) -> Result<TokenKey, TokenError> {
    let (label, id) = name(session, key)?;
    let public_key = public::of(session, key)?;
    if id.is_empty()
        || objects(session, &[Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Id(id.clone())])?.len()
            != 1
    {
        return Err(rejected("the key has no id of its own (CKA_ID) by which it could be found again"));
    }
    pki::usual_signature_algorithm(&public_key).ok_or_else(unusable)?;
    Ok(TokenKey { token: it.serial.clone(), id, label, public_key })
}

/// Removes both halves of a key.
fn destroy(it: &Connection, id: &[u8]) -> Result<(), TokenError> {
    let session = it.context.open_rw_session(it.slot)?;
    for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
        for found in objects(&session, &[Attribute::Class(class), Attribute::Id(id.to_vec())])? {
            session.destroy_object(found)?;
        }
    }
    Ok(())
}

/// Whether the token says that the key cannot leave it.
fn stays(session: &Session, key: ObjectHandle) -> Result<bool, TokenError> {
    let says = session.get_attributes(key, &[AttributeType::Sensitive, AttributeType::Extractable])?;
    Ok(says.contains(&Attribute::Sensitive(true)) && says.contains(&Attribute::Extractable(false)))
}

fn unusable() -> TokenError {
    rejected("only P-256, P-384, Ed25519 and RSA of 2048, 3072 or 4096 bits sign here")
}

fn rejected(reason: &str) -> TokenError {
    KeyRejected { reason: reason.to_owned() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door() -> Door {
        Door {
            module: "no such module".into(),
            choice: TokenChoice::Label("none".to_owned()),
            pin: None,
            serial: OnceLock::new(),
            losses: AtomicU64::new(0),
            giving: Mutex::new(()),
            refused: Mutex::new(None),
        }
    }

    #[test]
    fn work_that_panics_ends_no_thread() {
        let door = Arc::new(door());
        let (work, waiting) = sync_channel::<Work>(2);
        let (answer, answered) = sync_channel(1);
        work.send(Box::new(|_| panic!("the module's wrapper fell over"))).expect("room");
        work.send(Box::new(move |_| answer.send(()).is_err())).expect("room");
        drop(work);
        serve(&door, &Mutex::new(waiting));
        assert!(answered.try_recv().is_ok(), "what came after it was done");
    }

    #[test]
    fn a_pin_that_was_refused_is_given_for_no_signature() {
        let door = door();
        let mut given = 0;
        for _ in 0..3 {
            let refused: Result<(), _> = door.guard(|| {
                given += 1;
                Err(TokenError::WrongPin)
            });
            assert!(matches!(refused, Err(TokenError::WrongPin)));
        }
        assert_eq!(given, 1);
    }

    #[test]
    fn of_several_who_give_a_pin_at_once_one_is_refused_by_the_token() {
        let (door, given) = (door(), AtomicU64::new(0));
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| {
                    let refused: Result<(), _> = door.guard(|| {
                        given.fetch_add(1, Ordering::SeqCst);
                        // The token takes its time.
                        std::thread::sleep(Duration::from_millis(50));
                        Err(TokenError::WrongPin)
                    });
                    assert!(matches!(refused, Err(TokenError::WrongPin)));
                });
            }
        });
        assert_eq!(given.into_inner(), 1);
    }
}
