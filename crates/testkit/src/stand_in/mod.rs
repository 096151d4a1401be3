//! Stand-ins for identity providers: servers on this machine that check what is sent to them byte by byte, signature
//! included, and answer as the real ones do, well or badly.
//!
//! Their signatures are computed here anew, from the providers' descriptions, and share no code with the adapters.
//!
//! * [`Alipay`]: the gateway: RSA2 both ways, all three families of face checks, notices, certificate mode;
//! * [`Tencent`]: API 3.0: TC3-HMAC-SHA256; faceid, ocr, sms;
//! * [`Aliyun`]: RPC: ACS3-HMAC-SHA256; cloudauth, dytnsapi, dysmsapi.
//!
//! What they know of people and companies stands in a [`Register`]. [`Stage::play`] makes the next calls go wrong.

mod alipay;
mod aliyun;
mod http;
mod register;
mod tencent;

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

pub use self::alipay::Alipay;
pub use self::aliyun::Aliyun;
pub use self::register::{KnownCompany, KnownPerson, Register, Scene};
pub use self::tencent::Tencent;

/// How a call is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Play {
    /// As the provider would.
    Normal,
    /// Not at all: the connection ends after a while.
    Silence(Duration),
    /// With this status and no content.
    Status(u16),
    /// With half of a JSON text.
    Malformed,
    /// With what this action was answered last, byte for byte.
    Replayed,
    /// Alipay: signed over other bytes. The others, whose answers carry no signature: as if ours were wrong.
    WronglySigned,
    /// Alipay: a verdict without a signature. The others: as [`Play::Normal`].
    Unsigned,
    /// As the provider says that it cannot at the moment.
    Busy,
    /// As the provider says that the temporary key has expired.
    Expired,
    /// Tencent: as it says that the page of a face check is too old. The others: as [`Play::Normal`].
    PageExpired,
    /// In words that nobody has heard of.
    Unheard,
    /// About somebody else.
    SomebodyElse,
}

/// A call whose signature held.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The method or action.
    pub action: String,
    /// Its business parameters.
    pub content: Value,
}

/// What a stand-in is told to do, and what it heard.
#[derive(Debug, Default)]
pub struct Stage {
    plays: Mutex<VecDeque<Play>>,
    heard: Mutex<Vec<Heard>>,
    turned_away: Mutex<Vec<String>>,
    answered: Mutex<HashMap<String, Vec<u8>>>,
}

impl Stage {
    /// The next calls go like this, one each; later ones are answered as the provider would.
    pub fn play(&self, plays: impl IntoIterator<Item = Play>) {
        lock(&self.plays).extend(plays);
    }

    /// The calls so far whose signature held.
    #[must_use]
    pub fn heard(&self) -> Vec<Heard> {
        lock(&self.heard).clone()
    }

    /// How often an action was called.
    #[must_use]
    pub fn count(&self, action: &str) -> usize {
        lock(&self.heard).iter().filter(|heard| heard.action == action).count()
    }

    /// Why calls were turned away: what was wrong with their signatures.
    #[must_use]
    pub fn turned_away(&self) -> Vec<String> {
        lock(&self.turned_away).clone()
    }

    fn next(&self) -> Play {
        lock(&self.plays).pop_front().unwrap_or(Play::Normal)
    }

    fn hear(&self, action: &str, content: &Value) {
        lock(&self.heard).push(Heard { action: action.to_owned(), content: content.clone() });
    }

    fn turn_away(&self, why: &str) {
        lock(&self.turned_away).push(why.to_owned());
    }

    /// What was answered last, and from now on this.
    fn answered(&self, action: &str, body: &[u8]) -> Option<Vec<u8>> {
        lock(&self.answered).insert(action.to_owned(), body.to_vec())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
