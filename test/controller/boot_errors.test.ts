import { expect } from 'chai'
import {
  actionMethods,
  compileAction,
  Controller,
  controllerSettings,
  InvalidCallback,
  MissingCallback,
  UndefinedCallback,
  UnknownAction,
  UnknownEncoding,
} from '../../src/controller/index.ts'

describe('mistakes in a controller', () => {
  class Articles extends Controller {
    index() {}
    show() {}
    loadArticle() {}
    _private() {}
    articleParams() {}
  }

  it('are found at boot: an action that does not exist, with a suggestion', () => {
    expect(() => compileAction(Articles, 'shwo')).to.throw(
      UnknownAction,
      "The action 'shwo' could not be found for Articles. Did you mean show?",
    )
  })

  it('are found at boot: methods of the framework and of Object are no actions', () => {
    for (const name of ['render', 'constructor', 'toString', 'head', 'hasOwnProperty', '__proto__', '_private']) {
      expect(() => compileAction(Articles, name)).to.throw(UnknownAction)
    }
  })

  it('are found at boot: a parameter in an encoding that does not exist', () => {
    class Imports extends Articles {}
    expect(() => Imports.paramEncoding('index', 'path', 'shift-jsi')).to.throw(UnknownEncoding, "in the encoding 'shift-jsi'")
  })

  it('are found at boot: a callback is no action', () => {
    class Orders extends Articles {
      static {
        this.beforeAction('loadArticle')
      }
    }
    expect(actionMethods(Orders)).to.deep.equal(['index', 'show', 'articleParams'])
    expect(() => compileAction(Orders, 'loadArticle')).to.throw(UnknownAction)
  })

  it('are found at boot: a callback, a condition or a handler that names no method', () => {
    class Callback extends Articles {
      static {
        this.beforeAction('loadArtcle')
      }
    }
    class Condition extends Articles {
      static {
        this.beforeAction('loadArticle', { if: 'isOpen' })
      }
    }
    class Handler extends Articles {
      static {
        this.rescueFrom(Error, 'notThere')
      }
    }
    expect(() => compileAction(Callback, 'index')).to.throw(
      MissingCallback,
      "'loadArtcle', but no method of that name. Did you mean loadArticle?",
    )
    expect(() => compileAction(Condition, 'index')).to.throw(MissingCallback, 'isOpen')
    expect(() => compileAction(Handler, 'index')).to.throw(MissingCallback, 'notThere')
  })

  it('are found at boot: a skipped callback that was never declared, unless it may be absent', () => {
    const declare = () => {
      class Orders extends Articles {
        static {
          this.beforeAction('loadArticle')
          this.skipBeforeAction('missing', { raise: false })
          this.skipBeforeAction('loadArticel')
        }
      }
      return Orders
    }
    expect(declare).to.throw(UndefinedCallback, 'Did you mean loadArticle?')
  })

  it('are found at boot: an option or a callback that is none', () => {
    const declare = (...args: unknown[]) => {
      class Orders extends Articles {
        static {
          this.beforeAction(...(args as string[]))
        }
      }
      return Orders
    }
    expect(() => declare('loadArticle', { onyl: ['show'] })).to.throw(
      InvalidCallback,
      "Orders declares a before callback with the unknown option 'onyl'. Did you mean only?",
    )
    expect(() => declare('loadArticle', undefined, {})).to.throw(InvalidCallback, 'undefined in its 2nd place')
    expect(() => declare({ after() {} }, 'loadArticle')).to.throw(InvalidCallback)
  })

  it('are found at boot, when asked for: only and except that name no action', () => {
    class Orders extends Articles {
      static {
        this.beforeAction('loadArticle', { only: 'shwo' })
      }
    }
    expect(() => compileAction(Orders, 'index')).not.to.throw()
    controllerSettings.raiseOnMissingCallbackActions = true
    try {
      expect(() => compileAction(Orders, 'index')).to.throw(UnknownAction, 'shwo')
    } finally {
      controllerSettings.raiseOnMissingCallbackActions = false
    }
  })
})
