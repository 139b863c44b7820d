//! Owns RSA keys: making them, PKCS #1, signatures with SHA-256.
//!
//! Signing does not hide how long it takes: who renders a chart holds the key.

use super::der::{self, Reader};
use super::primes;
use crate::template::functions::{FnError, Random};
use num_bigint::BigUint;
use sha2::{Digest as _, Sha256};
use std::thread;

/// A private key of two primes.
pub(super) struct Rsa {
    modulus: BigUint,
    exponent: BigUint,
    private: BigUint,
    primes: [BigUint; 2],
}

/// A SHA-256 hash follows.
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

impl Rsa {
    /// A new key whose modulus has `bits` bits.
    pub(super) fn generate(random: &Random, bits: usize) -> Result<Self, FnError> {
        let exponent = BigUint::from(65_537_u32);
        loop {
            let primes = two_primes(random, bits / 2)?;
            let [p, q] = &primes;
            if p == q {
                continue;
            }
            // None if the exponent divides it.
            if let Some(private) = exponent.modinv(&((p - 1_u8) * (q - 1_u8))) {
                return Ok(Self {
                    modulus: p * q,
                    exponent,
                    private,
                    primes,
                });
            }
        }
    }

    /// Reads a key; the error says what is wrong with it.
    pub(super) fn from_pkcs1(bytes: &[u8]) -> Result<Self, &'static str> {
        let mut outer = Reader(bytes);
        let mut inner = outer
            .sequence()
            .filter(|_| outer.is_empty())
            .ok_or("it is no PKCS #1")?;
        let mut next = || inner.integer().ok_or("it is no PKCS #1");
        if next()? != BigUint::ZERO {
            return Err("it has more than two primes");
        }
        let key = Self {
            modulus: next()?,
            exponent: next()?,
            private: next()?,
            primes: [next()?, next()?],
        };
        key.check()
            .then_some(key)
            .ok_or("its numbers do not fit together")
    }

    fn check(&self) -> bool {
        let one = BigUint::from(1_u8);
        let product = &self.private * &self.exponent;
        let fits = |prime: &BigUint| *prime > one && &product % (prime - 1_u8) == &one % (prime - 1_u8);
        let exponent_fits = self.exponent > one && self.exponent.bits() < 32;
        exponent_fits
            && self.primes.iter().all(fits)
            && self.primes[0] != self.primes[1]
            && &self.primes[0] * &self.primes[1] == self.modulus
    }

    /// The key with what speeds up its use, as Go writes it.
    pub(super) fn to_pkcs1(&self) -> Vec<u8> {
        let [p, q] = &self.primes;
        let coefficient = q.modinv(p).unwrap_or_default();
        der::sequence(&[
            der::integer(&BigUint::ZERO),
            der::integer(&self.modulus),
            der::integer(&self.exponent),
            der::integer(&self.private),
            der::integer(p),
            der::integer(q),
            der::integer(&(&self.private % (p - 1_u8))),
            der::integer(&(&self.private % (q - 1_u8))),
            der::integer(&coefficient),
        ])
    }

    /// The public half.
    pub(super) fn public(&self) -> Vec<u8> {
        der::sequence(&[der::integer(&self.modulus), der::integer(&self.exponent)])
    }

    /// Signs by PKCS #1 v1.5; none if the key is too small for a hash.
    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let size = usize::try_from(self.modulus.bits().div_ceil(8)).ok()?;
        let hash = Sha256::digest(message);
        let filling = size.checked_sub(3 + SHA256_PREFIX.len() + hash.len())?;
        if filling < 8 {
            return None;
        }
        let padded = [&[0, 1][..], &vec![0xff; filling], &[0], &SHA256_PREFIX, &hash].concat();
        let signature = self.power(&BigUint::from_bytes_be(&padded)).to_bytes_be();
        Some([vec![0; size - signature.len()], signature].concat())
    }

    /// To the power of the private exponent, by the Chinese remainder theorem.
    fn power(&self, base: &BigUint) -> BigUint {
        let [p, q] = &self.primes;
        let by_p = base.modpow(&(&self.private % (p - 1_u8)), p);
        let by_q = base.modpow(&(&self.private % (q - 1_u8)), q);
        let coefficient = q.modinv(p).unwrap_or_default();
        let difference = (by_p + p - &by_q % p) % p;
        by_q + q * (difference * coefficient % p)
    }
}

/// The search takes nearly all the time, and each has a half of it.
fn two_primes(random: &Random, bits: usize) -> Result<[BigUint; 2], FnError> {
    let (one, other) = (random.fork()?, random.fork()?);
    thread::scope(|scope| {
        let first = scope.spawn(|| primes::prime(&one, bits));
        let second = primes::prime(&other, bits)?;
        let first = first
            .join()
            .map_err(|_| FnError::new("the search for a prime stopped"))??;
        Ok([first, second])
    })
}
