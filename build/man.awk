# Turns one of our Markdown pages into a manual page. Not: Markdown in general (build/man.sh says what these pages have).

# Text with code in bold, links as their text, nothing that troff would take for its own.
function inline(text,    result, at, part) {
    gsub(/\\/, "\\(rs", text)
    while (match(text, /\[[^]]*\]\([^)]*\)/)) {
        part = substr(text, RSTART, RLENGTH)
        sub(/^\[/, "", part)
        sub(/\].*/, "", part)
        text = substr(text, 1, RSTART - 1) part substr(text, RSTART + RLENGTH)
    }
    gsub(/&#124;/, "|", text)
    gsub(/-/, "\\-", text)
    gsub(/'/, "\\(aq", text)
    gsub(/\*\*/, "", text)
    result = ""
    while ((at = index(text, "`")) > 0) {
        result = result substr(text, 1, at - 1)
        text = substr(text, at + 1)
        at = index(text, "`")
        if (at == 0)
            break
        result = result "\\fB" substr(text, 1, at - 1) "\\fR"
        text = substr(text, at + 1)
    }
    return result text
}

# A line that does not begin with a request of troff.
function line(text) {
    print (text ~ /^[.']/ ? "\\&" : "") text
}

function flush_paragraph() {
    if (paragraph != "")
        line(inline(paragraph))
    paragraph = ""
}

function end_code() {
    if (code)
        print ".fi\n.RE"
    code = 0
}

function begin_code() {
    flush_paragraph()
    if (!code)
        print ".PP\n.RS 4\n.nf"
    code = 1
}

function code_line(text) {
    gsub(/\\/, "\\(rs", text)
    gsub(/-/, "\\-", text)
    gsub(/'/, "\\(aq", text)
    line(text)
}

BEGIN {
    printf ".TH %s %s \"\" \"nbdfast %s\" \"nbdfast\"\n", toupper(name), section, version
    printf ".SH NAME\n%s \\- %s\n.SH DESCRIPTION\n", name, summary
}

/^```/ {
    if (fenced)
        end_code()
    else
        begin_code()
    fenced = !fenced
    next
}

fenced { code_line($0); next }

# The title says what NAME says.
/^# / { next }

/^##* / {
    flush_paragraph()
    end_code()
    level = $1
    sub(/^##* /, "")
    print (level == "##" ? ".SH " toupper($0) : ".SS " $0)
    next
}

/^    / && paragraph == "" && !item { begin_code(); code_line(substr($0, 5)); next }

/^$/ { flush_paragraph(); end_code(); item = 0; rows = 0; print ".PP"; next }

# A table: the first cell is the term, the others explain it. The head and its rule say nothing new.
/^\|/ {
    flush_paragraph()
    end_code()
    if (++rows <= 2)
        next
    gsub(/\\\|/, "\\&#124;")
    count = split($0, cells, / *\| */)
    print ".TP\n" inline(cells[2])
    text = ""
    for (i = 3; i < count; i++)
        if (cells[i] != "")
            text = text (text == "" ? cells[i] : i == count - 1 ? " (default: " cells[i] ")" : " " cells[i])
    line(text == "" ? "\\&" : inline(text))
    next
}

/^[-*] / { flush_paragraph(); end_code(); item = 1; print ".IP \\(bu 2"; paragraph = substr($0, 3); next }

/^[0-9]+\. / {
    flush_paragraph()
    end_code()
    item = 1
    print ".IP " $1 " 3"
    sub(/^[0-9]+\. /, "")
    paragraph = $0
    next
}

{
    sub(/^ +/, "")
    paragraph = paragraph (paragraph == "" ? "" : " ") $0
}

END { flush_paragraph(); end_code() }
