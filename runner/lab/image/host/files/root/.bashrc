case $- in *i*) ;; *) return ;; esac
PS1='[\u@\h \W]# '
export LANG=${LANG:-C.UTF-8}
shopt -s checkwinsize
alias ls='ls --color=auto' ll='ls -l'
[ -r /usr/share/bash-completion/bash_completion ] && . /usr/share/bash-completion/bash_completion
