//! Owns where random functions get their bytes: the operating system, or a stream that a seed fixes.
//!
//! What they make of the bytes is theirs.

use super::FnError;
use ring::rand::{SecureRandom as _, SystemRandom};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A source of random bytes. Clones draw from the same stream, so that no two calls get the same bytes.
#[derive(Clone, Debug, Default)]
pub struct Random {
    /// What the seeded stream is made of.
    key: Option<[u8; 32]>,
    /// How many blocks of the seeded stream were given out.
    blocks: Arc<AtomicU64>,
}

impl Random {
    /// The operating system's randomness, or with a seed the same bytes in every run.
    pub fn new(seed: Option<u64>) -> Self {
        Self {
            key: seed.map(|seed| Sha256::digest(seed.to_be_bytes()).into()),
            blocks: Arc::default(),
        }
    }

    /// A source of its own for another thread, which a seed fixes as well.
    pub(super) fn fork(&self) -> Result<Self, FnError> {
        let key = self.key.map(|_| self.bytes()).transpose()?;
        Ok(Self {
            key,
            blocks: Arc::default(),
        })
    }

    /// Fills `bytes`.
    pub(super) fn fill(&self, bytes: &mut [u8]) -> Result<(), FnError> {
        let Some(key) = self.key else {
            return SystemRandom::new()
                .fill(bytes)
                .map_err(|_| FnError::new("the operating system gives no random bytes"));
        };
        for part in bytes.chunks_mut(32) {
            let number = self.blocks.fetch_add(1, Ordering::Relaxed);
            let hash = Sha256::new().chain_update(key).chain_update(number.to_be_bytes());
            part.copy_from_slice(&hash.finalize()[..part.len()]);
        }
        Ok(())
    }

    /// Random bytes.
    pub(super) fn bytes<const N: usize>(&self) -> Result<[u8; N], FnError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A number below `bound`, each as likely as the others; 0 if the bound is.
    pub(super) fn below(&self, bound: u64) -> Result<u64, FnError> {
        // What lies in the last, incomplete run of `bound` numbers would favour the small ones.
        let fair = u64::MAX - u64::MAX.checked_rem(bound).unwrap_or(0);
        loop {
            let number = u64::from_be_bytes(self.bytes()?);
            if number < fair {
                return Ok(number.checked_rem(bound).unwrap_or(0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_fixes_the_stream_and_clones_share_it() {
        let draw = |random: &Random| random.bytes::<40>().unwrap();
        let (one, other) = (Random::new(Some(7)), Random::new(Some(7)));
        let first = draw(&one);
        assert_eq!(first, draw(&other));
        let second = draw(&one.clone());
        assert_ne!(first, second);
        assert_eq!(second, draw(&other));
        assert_ne!(draw(&one), second);
        assert_ne!(first, draw(&Random::new(Some(8))));
        assert_ne!(draw(&Random::new(None)), draw(&Random::new(None)));
    }

    #[test]
    fn a_seed_fixes_what_forks_draw() {
        let (one, other) = (Random::new(Some(7)), Random::new(Some(7)));
        let draw = |random: &Random| random.fork().unwrap().bytes::<40>().unwrap();
        let first = draw(&one);
        assert_eq!(first, draw(&other));
        assert_ne!(first, draw(&one));
        assert_ne!(draw(&Random::new(None)), draw(&Random::new(None)));
    }

    #[test]
    fn numbers_stay_below_their_bound_and_reach_all_of_it() {
        let random = Random::new(Some(1));
        let mut seen = [false; 6];
        for _ in 0..200 {
            seen[usize::try_from(random.below(6).unwrap()).unwrap()] = true;
        }
        assert_eq!(seen, [true; 6]);
        assert_eq!(random.below(1).unwrap(), 0);
        assert_eq!(random.below(0).unwrap(), 0);
    }
}
