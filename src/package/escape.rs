//! Owns writing a text so that Helm's template engine gives it back unchanged.
//!
//! It knows nothing else of Go templates.

/// Puts each `{{` into an action that prints it, which is all that the engine acts on.
///
/// No text gives back `<no value>`: Helm removes it from whatever a template renders.
pub(super) fn escape(text: &str) -> Result<String, String> {
    const REMOVED: &str = "<no value>";
    if let Some(before) = text.find(REMOVED) {
        let line = text[..before].matches('\n').count() + 1;
        return Err(format!(
            "its line {line} holds `{REMOVED}`, which Helm removes from what templates render"
        ));
    }
    Ok(text.replace("{{", r#"{{ "{{" }}"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_start_of_an_action_is_escaped() {
        assert_eq!(escape("a: {b: {}}\n").as_deref(), Ok("a: {b: {}}\n"));
        assert_eq!(escape("a: {{{ x }}}").as_deref(), Ok(r#"a: {{ "{{" }}{ x }}}"#));
        assert_eq!(
            escape("{{{{- /* */ -}}").as_deref(),
            Ok(r#"{{ "{{" }}{{ "{{" }}- /* */ -}}"#)
        );
        assert!(escape("a\nb: <no value>\n").is_err_and(|message| message.contains("line 2")));
    }
}
