//! Owns Go's `[]byte`, which `.Files` holds.
//!
//! It does not turn bytes into text: functions do.

use crate::template::files;
use crate::yaml::{Number, Object, Value};
use std::sync::Arc;

/// Bytes of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Bytes(pub(super) Arc<[u8]>);

impl Object for Bytes {
    fn go_type(&self) -> &'static str {
        "[]uint8"
    }

    fn go_kind(&self) -> &'static str {
        "slice"
    }

    fn print(&self) -> String {
        let numbers: Vec<String> = self.0.iter().map(u8::to_string).collect();
        format!("[{}]", numbers.join(" "))
    }

    fn plain(&self) -> Value {
        files::base64(&self.0).into()
    }

    fn entries(&self) -> Option<Vec<(Value, Value)>> {
        let number = |number| Value::Number(Number::Int(number));
        let numbered = (0..).map(number).zip(self.0.iter());
        Some(
            numbered
                .map(|(index, byte)| (index, number(i64::from(*byte))))
                .collect(),
        )
    }

    fn bytes(&self) -> Option<&[u8]> {
        Some(&self.0)
    }

    fn is_true(&self) -> bool {
        !self.0.is_empty()
    }
}
