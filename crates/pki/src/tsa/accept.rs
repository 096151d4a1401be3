//! Whether an answer may be used: what whoever asked for a time-stamp checks of it (RFC 3161 §2.4.2).
use std::slice;

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use super::{Rejection, Request, Response, Token};
use crate::path::{Budget, Purpose, Revocation, validate};
use crate::{Certificate, ParseError, VerifyError};

/// Why an answer is not used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// It cannot be read.
    #[error("the answer cannot be read: {0}")]
    Malformed(#[from] ParseError),
    /// The authority refused.
    #[error("refused: {0}")]
    Rejected(Rejection),
    /// The nonce is missing or another one: perhaps an old answer.
    #[error("the nonce is not the one that was sent")]
    Nonce,
    /// The token is over other data.
    #[error("the token is not over the digest that was sent")]
    Imprint,
    /// The token was made under another policy than was asked for.
    #[error("the token's policy is {found}")]
    Policy {
        /// The policy of the token, dotted.
        found: String,
    },
    /// The signature does not hold.
    #[error("{0}")]
    Signature(#[from] VerifyError),
    /// The authority's certificate is not for time-stamping, was not valid, or leads to no anchor.
    #[error("{0}")]
    Certificate(String),
}

impl Request {
    /// Reads the DER answer to this request, and gives the token and whose key signed it where it may be used.
    ///
    /// Checked are status, nonce, imprint, policy, that the token names its signer's certificate and holds it (or that
    /// `anchors` do), the signature, that the certificate is for time-stamping alone and was valid (§2.3), and, where
    /// there are `anchors`, that it leads to one of them. Whether genTime is the present is for whoever has a clock
    /// ([`Token::was_made_between`]).
    ///
    /// # Errors
    /// [`AnswerError`], where it may not.
    pub fn accept(
        &self,
        answer: &[u8],
        anchors: &[Certificate],
    ) -> Result<(Token, Certificate), AnswerError> {
        self.accept_with(answer, &[], anchors)
    }

    /// The same where certificates of authorities are at hand that the token may not carry.
    ///
    /// # Errors
    /// As [`Request::accept`].
    pub fn accept_with(
        &self,
        answer: &[u8],
        at_hand: &[Certificate],
        anchors: &[Certificate],
    ) -> Result<(Token, Certificate), AnswerError> {
        let token = match Response::from_der(answer)? {
            Response::Granted(token) => *token,
            Response::Rejected(why) => return Err(AnswerError::Rejected(why)),
        };
        if token.nonce() != self.nonce() {
            return Err(AnswerError::Nonce);
        }
        if token.imprint() != self.imprint() {
            return Err(AnswerError::Imprint);
        }
        if self.policy().is_some_and(|asked| asked != token.policy()) {
            return Err(AnswerError::Policy { found: token.policy().to_owned() });
        }
        let certificate = token.verify_digest(&self.imprint().digest, anchors)?;
        let at = token.gen_time();
        let judge = |intermediates: &[Certificate], anchors: &[Certificate]| {
            let (none, mut budget) = (Revocation::none(at), Budget::default());
            validate(&certificate, intermediates, anchors, at, Purpose::TimeStamping, &none, &mut budget)
                .map_err(|error| AnswerError::Certificate(error.to_string()))
        };
        // As its own anchor: validity and purpose alone.
        judge(&[], slice::from_ref(&certificate))?;
        if !anchors.is_empty() {
            let carried = token.signed_data().certificates();
            judge(&[carried, at_hand].concat(), anchors)?;
        }
        Ok((token, certificate))
    }
}

impl Token {
    /// Whether genTime lies between question and answer, give or take `skew`. Many authorities write no fractions of
    /// seconds.
    pub fn was_made_between(&self, asked: Timestamp, answered: Timestamp, skew: SignedDuration) -> bool {
        let earliest = asked.checked_sub(skew).unwrap_or(Timestamp::MIN).as_second();
        let latest = answered.checked_add(skew).unwrap_or(Timestamp::MAX);
        self.gen_time().as_second() >= earliest && self.gen_time() <= latest
    }
}
