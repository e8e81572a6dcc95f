"""`completion bash|zsh|fish`: a script that has the program complete its own commands."""

from __future__ import annotations

from argparse import Namespace

from runner.cli.face import Face
from runner.cli.parser import Parser
from runner.words import translate

SCRIPTS = {
    "bash": """\
# learn-docker-net completion for bash: eval "$(learn-docker-net completion bash)"
_learn_docker_net() {
    local IFS=$'\\n'
    # What stands before the cursor's word, then that word; a colon or = parts no words here.
    local words=("${COMP_WORDS[@]:1:COMP_CWORD}")
    COMPREPLY=($(learn-docker-net complete -- "${words[@]}" 2>/dev/null | cut -f1))
    [[ ${COMPREPLY[0]} == */ && ${#COMPREPLY[@]} -eq 1 ]] && compopt -o nospace
    if [[ ${COMPREPLY[0]} == :files ]]; then
        COMPREPLY=()
        compopt -o default
    fi
}
complete -F _learn_docker_net learn-docker-net
""",
    "zsh": """\
#compdef learn-docker-net
# learn-docker-net completion for zsh: eval "$(learn-docker-net completion zsh)"
_learn_docker_net() {
    local -a lines described
    lines=("${(@f)$(learn-docker-net complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ ${lines[1]} == :files ]]; then
        _files
        return
    fi
    local line
    for line in $lines; do
        described+=("${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}")
    done
    local -a end
    [[ ${#described} -eq 1 && ${lines[1]%%$'\\t'*} == */ ]] && end=(-S '')
    (( ${#described} )) && _describe 'learn-docker-net' described "${end[@]}"
}
if [[ ${funcstack[1]} == _learn_docker_net ]]; then
    _learn_docker_net "$@"
else
    compdef _learn_docker_net learn-docker-net
fi
""",
    "fish": """\
# learn-docker-net completion for fish: learn-docker-net completion fish | source
function __learn_docker_net
    set -l words (commandline -opc) (commandline -ct)
    set -l found (learn-docker-net complete -- $words[2..-1] 2>/dev/null)
    if test "$found[1]" = ":files"
        __fish_complete_path (commandline -ct)
    else
        printf '%s\\n' $found
    end
end
complete -c learn-docker-net -f -a '(__learn_docker_net)'
""",
}


def arguments(parser: Parser) -> None:
    """Declare what the command takes."""
    parser.add_argument("shell", choices=tuple(SCRIPTS), help=translate("your shell"))


def run(options: Namespace, face: Face) -> int:
    """Write the script."""
    face.out.write(SCRIPTS[options.shell])
    return 0
