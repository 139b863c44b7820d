//! Owns "did you mean": the nearest known name to a mistyped one.
//!
//! It does not know where names come from and does not word messages.

/// The candidate nearest to `name`, if it is near enough to be a likely typing error.
///
/// Case is folded first, so `Image` finds `image`. Near enough is an edit distance (insert, delete,
/// replace, swap of neighbours) of at most a third of the longer name, and at most 3.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = name.to_lowercase().chars().collect();
    if wanted.is_empty() || wanted.len() > 200 {
        return None;
    }
    candidates
        .into_iter()
        .filter(|candidate| *candidate != name && candidate.len() <= 800)
        .filter_map(|candidate| {
            let chars: Vec<char> = candidate.to_lowercase().chars().collect();
            let limit = (wanted.len().max(chars.len()) / 3).clamp(1, 3);
            let distance = distance(&wanted, &chars);
            (distance <= limit && distance < wanted.len().max(chars.len())).then_some((distance, candidate))
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// Optimal string alignment distance.
fn distance(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=right.len()).collect();
    for (row, left_char) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, right_char) in right.iter().enumerate() {
            let replace = previous[column] + usize::from(left_char != right_char);
            let mut best = replace.min(previous[column + 1] + 1).min(current[column] + 1);
            let swapped =
                row > 0 && column > 0 && *left_char == right[column - 1] && left[row - 1] == *right_char;
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut previous, current);
    }
    previous[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_nearest_name_or_none() {
        let known = ["agentManager", "toolManager", "image", "nats"];
        assert_eq!(nearest("agentManger", known), Some("agentManager"));
        assert_eq!(nearest("imgae", known), Some("image"));
        assert_eq!(nearest("AgentManager", known), Some("agentManager"));
        assert_eq!(nearest("unrelated", known), None);
        assert_eq!(nearest("", known), None);
    }
}
