# Completes command lines of nbdfast in bash. Not: those of nbdkit, unless nbdkit is a link to nbdfast and _nbdfast is
# set for it too (complete -F _nbdfast nbdkit).

# Answers are kept for the life of the shell: the program does not change under it.
declare -gA _nbdfast_answers

# Prints what a question to the program is answered with.
_nbdfast_ask() {
    local key="$*"
    [[ ${_nbdfast_answers[$key]+there} ]] || _nbdfast_answers[$key]=$("$@" 2>/dev/null </dev/null)
    printf '%s\n' "${_nbdfast_answers[$key]}"
}

# Prints the names of the plugins or filters.
_nbdfast_units() {
    _nbdfast_ask "$1" --dump-config | sed -n "s/^nbdfast_$2=//p"
}

_nbdfast() {
    local program=${COMP_WORDS[0]} word previous i plugin= filters=()
    local -a values=(-D --debug -e --export --export-name --exportname -g --group -i --ip-addr --ipaddr --mask-handshake
        --name -p --port --run --selinux-label -t --threads --timeout --tls-priority -u --user)
    # Bash takes --filter=offset for three words; put them together again.
    local line=${COMP_LINE:0:COMP_POINT}
    local -a words
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    word=${words[-1]} previous=${words[-2]:-}
    COMPREPLY=()

    for ((i = 1; i < ${#words[@]} - 1; i++)); do
        case ${words[i]} in
            --filter=*) filters+=("${words[i]}") ;;
            --filter) filters+=("--filter=${words[++i]}") ;;
            -P | --pid-file | --pidfile | -U | --unix | --log | --tls | --tls-certificates | --tls-psk) ((++i)) ;;
            -*) [[ " ${values[*]} " == *" ${words[i]} "* ]] && ((++i)) ;;
            *) plugin=${plugin:-${words[i]}} ;;
        esac
    done

    case $previous in
        --filter) COMPREPLY=($(compgen -W "$(_nbdfast_units "$program" filters)" -- "$word")) ;;
        --log) COMPREPLY=($(compgen -W "default stderr syslog null" -- "$word") $(compgen -f -- "$word")) ;;
        --tls) COMPREPLY=($(compgen -W "off on require" -- "$word")) ;;
        -u | --user) COMPREPLY=($(compgen -u -- "$word")) ;;
        -g | --group) COMPREPLY=($(compgen -g -- "$word")) ;;
        -P | --pid-file | --pidfile | -U | --unix | --tls-certificates | --tls-psk)
            COMPREPLY=($(compgen -f -- "$word"))
            ;;
    esac
    ((${#COMPREPLY[@]})) && return
    [[ " ${values[*]} " == *" $previous "* ]] && return

    case $word in
        --filter=*) COMPREPLY=($(compgen -W "$(_nbdfast_units "$program" filters)" -- "${word#*=}")) ;;
        --log=*) COMPREPLY=($(compgen -W "default stderr syslog null" -- "${word#*=}")) ;;
        --tls=*) COMPREPLY=($(compgen -W "off on require" -- "${word#*=}")) ;;
        -*) COMPREPLY=($(compgen -W \
            "$(_nbdfast_ask "$program" --long-options) $(_nbdfast_ask "$program" --short-options)" -- "$word")) ;;
        *=*) COMPREPLY=($(compgen -f -- "${word#*=}")) ;;
        *)
            if [[ -z $plugin ]]; then
                COMPREPLY=($(compgen -W "$(_nbdfast_units "$program" plugins)" -- "$word"))
            else
                # The keys of the plugin and of the filters, as --help shows them, and files for the magic key.
                local keys
                keys=$(_nbdfast_ask "$program" "${filters[@]}" "$plugin" --help |
                    grep -oE '^ *[a-z][a-z0-9_.-]*=' | tr -d ' ')
                COMPREPLY=($(compgen -W "$keys" -- "$word") $(compgen -f -- "$word"))
                [[ ${COMPREPLY[0]:-} == *= ]] && compopt -o nospace 2>/dev/null
            fi
            ;;
    esac
}

complete -F _nbdfast nbdfast
