//! Signing on a token.
use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cryptoki::context::{Function, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use cryptoki::types::{AuthPin, Ulong};
use pki::{Certificate, DigestAlgorithm, KeyRejected, SignError, SignatureAlgorithm, Signer};

use super::{Token, TokenError, describe, log_in, objects, public};

/// A private key on a token. Sessions are opened as threads sign at the same time, and kept; while one is there, the
/// token stays logged in.
pub struct TokenSigner {
    context: Pkcs11,
    slot: Slot,
    serial: String,
    pin: Option<AuthPin>,
    id: Vec<u8>,
    public_key_der: Vec<u8>,
    certificate: Option<Certificate>,
    manner: Manner,
    connection: Mutex<Connection>,
}

/// How a key on a token signs.
pub(super) struct Manner {
    algorithm: SignatureAlgorithm,
    mechanisms: Vec<MechanismType>,
    /// CKA_ALWAYS_AUTHENTICATE: the PIN goes with each signature.
    each_time: bool,
}

/// What is lost with the token.
struct Connection {
    key: ObjectHandle,
    idle: Vec<Session>,
    /// How often it was made anew.
    generation: u64,
}

impl TokenSigner {
    pub(super) fn new(
        token: &Token,
        key: ObjectHandle,
        id: Vec<u8>,
        public_key_der: Vec<u8>,
        certificate: Option<Certificate>,
    ) -> Result<Self, TokenError> {
        let algorithm = pki::usual_signature_algorithm(&public_key_der).ok_or_else(|| {
            rejected("only P-256, P-384, Ed25519 and RSA of 2048, 3072 or 4096 bits sign here")
        })?;
        let session = token.context.open_ro_session(token.slot)?;
        let manner = Manner::of(&token.context, token.slot, &session, key, algorithm)?;
        let signer = Self {
            context: token.context.clone(),
            slot: token.slot,
            serial: token.description.serial.clone(),
            pin: token.pin.clone(),
            id,
            public_key_der,
            certificate,
            manner,
            connection: Mutex::new(Connection { key, idle: vec![session], generation: 0 }),
        };
        Ok(signer.with_algorithm(algorithm)?)
    }

    /// Signs with `algorithm` from now on, where the key may and the token can.
    pub fn with_algorithm(self, algorithm: SignatureAlgorithm) -> Result<Self, KeyRejected> {
        pki::check_algorithm(&self.public_key_der, algorithm)?;
        let manner = Manner { algorithm, ..self.manner };
        if manner.plan().is_none() {
            return Err(rejected(&format!("the token does not sign {}", algorithm.name())));
        }
        Ok(Self { manner, ..self })
    }

    /// The same key under the public key of a certificate that is not on the token, which may say that it is for PSS
    /// alone (RFC 4055 §1.2).
    pub fn with_public_key(self, public_key_der: &[u8]) -> Result<Self, KeyRejected> {
        if self.public_key_der == public_key_der {
            return Ok(self);
        }
        if !pki::is_same_key(&self.public_key_der, public_key_der) {
            return Err(rejected("the public key is not that of the key on the token"));
        }
        let usual = pki::usual_signature_algorithm(public_key_der)
            .ok_or_else(|| rejected("its PSS parameters are not ones that sign here"))?;
        Self { public_key_der: public_key_der.to_vec(), ..self }.with_algorithm(usual)
    }

    /// CKA_ID of the private key.
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// The certificate on the token whose public key is this one's.
    pub fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// Signs in a session of its own; the error comes with the generation in which it happened.
    fn attempt(&self, message: &[u8]) -> Result<Vec<u8>, (Error, u64)> {
        let (kept, key, generation) = {
            let mut connection = self.connection();
            (connection.idle.pop(), connection.key, connection.generation)
        };
        let failed = |error| (error, generation);
        let session = match kept {
            Some(session) => session,
            None => self.context.open_ro_session(self.slot).map_err(failed)?,
        };
        // A session that failed is not used again.
        let value = self.manner.sign_raw(&session, key, self.pin.as_ref(), message).map_err(failed)?;
        let mut connection = self.connection();
        if connection.generation == generation {
            connection.idle.push(session);
        }
        Ok(value)
    }

    /// The token was away and is back, or the device lost its connection: logs in again and finds the key, once for all
    /// threads that noticed it.
    fn reconnect(&self, lost: u64) -> Result<(), TokenError> {
        let mut connection = self.connection();
        if connection.generation != lost {
            return Ok(());
        }
        // Another token may be in its place by now, which a PIN that is not its own would lock.
        let found = describe(&self.context, self.slot)?.serial;
        if found != self.serial {
            return Err(TokenError::Device(format!("the token with serial number {} is gone", self.serial)));
        }
        connection.idle.clear();
        let session = log_in(&self.context, self.slot, self.pin.as_ref())?;
        let class = Attribute::Class(ObjectClass::PRIVATE_KEY);
        let template =
            if self.id.is_empty() { vec![class] } else { vec![class, Attribute::Id(self.id.clone())] };
        let same = |key: &ObjectHandle| {
            public::of(&session, *key).is_ok_and(|der| pki::is_same_key(&der, &self.public_key_der))
        };
        let key = objects(&session, &template)?.into_iter().find(same);
        connection.key =
            key.ok_or_else(|| TokenError::Device("the private key is not on the token any more".to_owned()))?;
        connection.idle.push(session);
        connection.generation += 1;
        Ok(())
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Manner {
    /// How this key signs by `algorithm` in that slot.
    pub(super) fn of(
        context: &Pkcs11,
        slot: Slot,
        session: &Session,
        key: ObjectHandle,
        algorithm: SignatureAlgorithm,
    ) -> Result<Self, TokenError> {
        let attributes = session.get_attributes(key, &[AttributeType::AlwaysAuthenticate]);
        let each_time = attributes.unwrap_or_default().contains(&Attribute::AlwaysAuthenticate(true));
        Ok(Self { algorithm, mechanisms: context.get_mechanism_list(slot)?, each_time })
    }

    /// Whether the PIN goes with each signature.
    pub(super) fn each_time(&self) -> bool {
        self.each_time
    }

    /// The mechanisms, and whether to hash here (the usual way: every device can do that) or there.
    fn plan(&self) -> Option<(Plan, Hashing)> {
        let plan = Plan::new(self.algorithm)?;
        let offers = |wanted: &Mechanism<'_>| self.mechanisms.contains(&wanted.mechanism_type());
        let there = plan.there.as_ref().is_some_and(offers);
        let hashing = match (offers(&plan.here), there) {
            // What takes a message in parts leaves room for the PIN in between; what takes a digest mostly does.
            (_, true) if self.each_time => Hashing::There,
            (true, _) => Hashing::Here,
            (_, true) => Hashing::There,
            _ => return None,
        };
        Some((plan, hashing))
    }

    /// The value as the token gives it.
    fn sign_raw(
        &self,
        session: &Session,
        key: ObjectHandle,
        pin: Option<&AuthPin>,
        message: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let Some((plan, hashing)) = self.plan() else {
            return Err(Error::Pkcs11(RvError::MechanismInvalid, Function::SignInit));
        };
        let (mechanism, input) = match (hashing, &plan.there) {
            (Hashing::There, Some(mechanism)) => (mechanism, Cow::Borrowed(message)),
            _ => (&plan.here, Cow::Owned(plan.input(self.algorithm.digest(), message))),
        };
        if !self.each_time {
            return session.sign(mechanism, key, &input);
        }
        session.sign_init(mechanism, key)?;
        session.login(UserType::ContextSpecific, pin)?;
        session.sign_update(&input)?;
        session.sign_final()
    }

    /// The value in the form that signatures hold.
    fn form(&self, value: Vec<u8>) -> Option<Vec<u8>> {
        if is_ecdsa(self.algorithm) { pki::ecdsa_value(&value) } else { Some(value) }
    }

    /// Signs in a session that is logged in.
    pub(super) fn sign(
        &self,
        session: &Session,
        key: ObjectHandle,
        pin: Option<&AuthPin>,
        message: &[u8],
    ) -> Result<Vec<u8>, TokenError> {
        let value = self.sign_raw(session, key, pin, message).map_err(|error| {
            let told = self.told(&error);
            match TokenError::from(error) {
                TokenError::Device(_) => TokenError::Device(told),
                // Lost, or the PIN that goes with each signature was refused: whoever holds the session sees to it.
                known => known,
            }
        })?;
        self.form(value).ok_or_else(|| TokenError::Device("a signature value that cannot be read".to_owned()))
    }

    /// Why it could not sign, with what the module's own words leave out.
    fn told(&self, error: &Error) -> String {
        let parts = matches!(error, Error::Pkcs11(_, Function::SignUpdate | Function::SignFinal));
        if self.each_time && parts {
            format!(
                "the key asks for its PIN with each signature (CKA_ALWAYS_AUTHENTICATE), and the module takes it with no \
                 mechanism of {} that the token has: {error}",
                self.algorithm.name()
            )
        } else {
            error.to_string()
        }
    }
}

impl Signer for TokenSigner {
    fn algorithm(&self) -> SignatureAlgorithm {
        self.manner.algorithm
    }

    fn public_key_der(&self) -> &[u8] {
        &self.public_key_der
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        self.manner.plan().ok_or(SignError::Failed)?;
        let value = match self.attempt(message) {
            Err((error, generation)) if is_lost(&error) => {
                self.reconnect(generation).map_err(|error| SignError::Device(error.to_string()))?;
                self.attempt(message)
            }
            done => done,
        };
        let value = value.map_err(|(error, _)| SignError::Device(self.manner.told(&error)))?;
        let value = self.manner.form(value).ok_or(SignError::Failed)?;
        // A device that answers nonsense, or with another key, is found out here and not by the verifier.
        pki::verify(&self.public_key_der, self.manner.algorithm, message, &value)
            .map_err(|_| SignError::Device("a signature that does not verify".to_owned()))?;
        Ok(value)
    }
}

impl std::fmt::Debug for TokenSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenSigner({}, id {})", self.manner.algorithm.name(), hex::encode(&self.id))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hashing {
    Here,
    There,
}

/// The mechanisms that make a signature: over what was hashed here, and over the message.
struct Plan {
    here: Mechanism<'static>,
    there: Option<Mechanism<'static>>,
    takes: Takes,
}

/// What the mechanism `here` signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Message,
    Digest,
    DigestInfo,
}

impl Plan {
    fn new(algorithm: SignatureAlgorithm) -> Option<Self> {
        use SignatureAlgorithm as S;
        let plan = |here, there, takes| Some(Self { here, there: Some(there), takes });
        match algorithm {
            S::EcdsaSha256 => plan(Mechanism::Ecdsa, Mechanism::EcdsaSha256, Takes::Digest),
            S::EcdsaSha384 => plan(Mechanism::Ecdsa, Mechanism::EcdsaSha384, Takes::Digest),
            S::EcdsaSha512 => plan(Mechanism::Ecdsa, Mechanism::EcdsaSha512, Takes::Digest),
            S::RsaSha256 => plan(Mechanism::RsaPkcs, Mechanism::Sha256RsaPkcs, Takes::DigestInfo),
            S::RsaSha384 => plan(Mechanism::RsaPkcs, Mechanism::Sha384RsaPkcs, Takes::DigestInfo),
            S::RsaSha512 => plan(Mechanism::RsaPkcs, Mechanism::Sha512RsaPkcs, Takes::DigestInfo),
            S::RsaPssSha256 => {
                let pss = pss(MechanismType::SHA256, PkcsMgfType::MGF1_SHA256, 32)?;
                plan(Mechanism::RsaPkcsPss(pss), Mechanism::Sha256RsaPkcsPss(pss), Takes::Digest)
            }
            S::RsaPssSha384 => {
                let pss = pss(MechanismType::SHA384, PkcsMgfType::MGF1_SHA384, 48)?;
                plan(Mechanism::RsaPkcsPss(pss), Mechanism::Sha384RsaPkcsPss(pss), Takes::Digest)
            }
            S::RsaPssSha512 => {
                let pss = pss(MechanismType::SHA512, PkcsMgfType::MGF1_SHA512, 64)?;
                plan(Mechanism::RsaPkcsPss(pss), Mechanism::Sha512RsaPkcsPss(pss), Takes::Digest)
            }
            S::Ed25519 => {
                let here = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Ed25519));
                Some(Self { here, there: None, takes: Takes::Message })
            }
            _ => None,
        }
    }

    fn input(&self, digest: DigestAlgorithm, message: &[u8]) -> Vec<u8> {
        match self.takes {
            Takes::Message => message.to_vec(),
            Takes::Digest => digest.digest(message),
            Takes::DigestInfo => digest.digest_info(message),
        }
    }
}

fn pss(hash_alg: MechanismType, mgf: PkcsMgfType, salt: usize) -> Option<PkcsPssParams> {
    Some(PkcsPssParams { hash_alg, mgf, s_len: Ulong::try_from(salt).ok()? })
}

fn is_ecdsa(algorithm: SignatureAlgorithm) -> bool {
    algorithm.name().ends_with("withECDSA")
}

/// Whether sessions, login or handles are gone, and may be had anew.
pub(super) fn is_lost(error: &Error) -> bool {
    matches!(
        error,
        Error::Pkcs11(
            RvError::SessionHandleInvalid
                | RvError::CryptokiNotInitialized
                | RvError::SlotIdInvalid
                | RvError::SessionClosed
                | RvError::UserNotLoggedIn
                | RvError::KeyHandleInvalid
                | RvError::ObjectHandleInvalid
                | RvError::DeviceError
                | RvError::DeviceRemoved
                // Somebody else's: a module that was started anew gave the number of this session away.
                | RvError::OperationActive
                | RvError::TokenNotPresent,
            _
        )
    )
}

fn rejected(reason: &str) -> KeyRejected {
    KeyRejected { reason: reason.to_owned() }
}
