//! Owns finding large primes.
//!
//! What keys are made of them is in `rsa.rs` and `dsa.rs`.

use crate::template::functions::{FnError, Random};
use num_bigint::BigUint;
use std::sync::LazyLock;

/// Divided by all of these, one candidate in twenty is left for the test that costs.
static SMALL: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut primes: Vec<u32> = Vec::new();
    for number in 2..1 << 16 {
        let mut up_to_root = primes.iter().take_while(|prime| *prime * *prime <= number);
        if up_to_root.all(|prime| number % prime != 0) {
            primes.push(number);
        }
    }
    primes
});

/// For random candidates of these sizes the chance of a wrong answer is far below 2^-128 with half as many.
const ROUNDS: usize = 8;

/// A random number of exactly `bits` bits, a multiple of 8, whose two highest bits are set.
pub(super) fn number(random: &Random, bits: usize) -> Result<BigUint, FnError> {
    let mut bytes = vec![0; bits / 8];
    random.fill(&mut bytes)?;
    let number = BigUint::from_bytes_be(&bytes);
    let high = BigUint::from(3_u8) << (bits - 2);
    Ok(number | high)
}

/// A random prime of exactly `bits` bits, whose two highest bits are set: the product of two has twice as many.
pub(super) fn prime(random: &Random, bits: usize) -> Result<BigUint, FnError> {
    loop {
        let start = number(random, bits)? | BigUint::from(1_u8);
        if let Some(prime) = search(random, &start, &BigUint::from(2_u8), bits)? {
            return Ok(prime);
        }
    }
}

/// The first prime in `start`, `start + step`, `start + 2 step` …; none if they run out of `bits` or of luck.
pub(super) fn search(
    random: &Random,
    start: &BigUint,
    step: &BigUint,
    bits: usize,
) -> Result<Option<BigUint>, FnError> {
    let remainder = |number: &BigUint, prime: u32| u64::try_from(number % prime).unwrap_or(0);
    let sieve: Vec<(u64, u64, u64)> = SMALL
        .iter()
        .map(|prime| {
            (
                u64::from(*prime),
                remainder(start, *prime),
                remainder(step, *prime),
            )
        })
        .collect();
    // As many steps as bits hold a prime as likely as not; some more cost little.
    for count in 0..bits as u64 * 4 {
        if sieve
            .iter()
            .any(|(prime, first, step)| (first + count * step) % prime == 0)
        {
            continue;
        }
        let candidate = start + step * count;
        if candidate.bits() != bits as u64 {
            return Ok(None);
        }
        if is_prime(random, &candidate)? {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}

/// The test of Miller and Rabin, for odd numbers.
fn is_prime(random: &Random, number: &BigUint) -> Result<bool, FnError> {
    let one = BigUint::from(1_u8);
    let less = number - &one;
    let twos = less.trailing_zeros().unwrap_or(0);
    let odd = &less >> twos;
    let mut bytes = vec![0; usize::try_from(number.bits() / 8).unwrap_or(1).max(1)];
    for _ in 0..ROUNDS {
        random.fill(&mut bytes)?;
        let base = BigUint::from_bytes_be(&bytes) % &less + &one;
        let mut power = base.modpow(&odd, number);
        let mut squared = 0;
        while power != one && power != less {
            squared += 1;
            if squared >= twos {
                return Ok(false);
            }
            power = &power * &power % number;
            // A root of one that is neither one nor minus one.
            if power == one {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_tells_primes_from_other_numbers() {
        let random = Random::new(Some(1));
        let is_prime = |number: u64| is_prime(&random, &BigUint::from(number)).unwrap();
        for prime in [3, 5, 7, 65_537, 1_000_003, (1 << 61) - 1] {
            assert!(is_prime(prime), "{prime}");
        }
        // Carmichael numbers and a product of two large primes among them.
        for product in [9, 15, 561, 1_105, 41_041, 825_265, 1_000_003 * 1_000_033] {
            assert!(!is_prime(product), "{product}");
        }
    }

    #[test]
    fn primes_have_their_size_and_two_high_bits() {
        let random = Random::new(Some(2));
        for bits in [64, 128, 256] {
            let prime = prime(&random, bits).unwrap();
            assert_eq!(prime.bits(), bits as u64);
            assert_eq!(&prime >> (bits - 2), BigUint::from(3_u8));
        }
    }
}
