//! Owns DSA keys: making one of the size that Sprig asks for, and the form it is written in.
//!
//! They sign no certificates.

use super::der::{self, Reader};
use super::primes;
use crate::template::functions::{FnError, Random};
use num_bigint::BigUint;

const BITS: usize = 2048;
const SUBGROUP_BITS: usize = 256;

/// `p`, `q`, `g`, the public and the private number.
pub(super) struct Dsa([BigUint; 5]);

impl Dsa {
    pub(super) fn generate(random: &Random) -> Result<Self, FnError> {
        let one = BigUint::from(1_u8);
        let q = primes::prime(random, SUBGROUP_BITS)?;
        let step = &q * 2_u8;
        let p = loop {
            let start = primes::number(random, BITS)?;
            let start = &start - (&start - &one) % &step;
            if let Some(prime) = primes::search(random, &start, &step, BITS)? {
                break prime;
            }
        };
        let cofactor = (&p - &one) / &q;
        let g = (2_u8..=255)
            .map(|base| BigUint::from(base).modpow(&cofactor, &p))
            .find(|power| *power != one)
            .unwrap_or(one);
        let private = primes::number(random, SUBGROUP_BITS)? % (&q - 1_u8) + 1_u8;
        let public = g.modpow(&private, &p);
        Ok(Self([p, q, g, public, private]))
    }

    pub(super) fn from_der(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes).sequence()?;
        reader.integer()?;
        let mut next = || reader.integer();
        Some(Self([next()?, next()?, next()?, next()?, next()?]))
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let version = std::iter::once(der::integer(&BigUint::ZERO));
        let numbers: Vec<_> = version.chain(self.0.iter().map(der::integer)).collect();
        der::sequence(&numbers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_key_belong_together() {
        let key = Dsa::generate(&Random::new(Some(3))).unwrap();
        let Dsa([p, q, g, public, private]) = &key;
        let one = BigUint::from(1_u8);
        assert_eq!((p.bits(), q.bits()), (2048, 256));
        assert_eq!(p % q, one);
        assert_ne!(*g, one);
        assert_eq!(g.modpow(q, p), one);
        assert_eq!(g.modpow(private, p), *public);
        assert!(private < q);
        let written = key.to_der();
        let read = Dsa::from_der(&written).unwrap();
        assert_eq!(read.to_der(), written);
    }
}
